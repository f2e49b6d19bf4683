"""Small changes to a source file that a test should notice: what `benchmarks/mutants.py` makes.

Changed are comparisons, arithmetic, numbers, conditions, `and` and `or`, opposite functions, what
is returned, and calls made for their effect. Left alone is what no test should hold: strings,
messages and whatever else stands in a `raise`, log lines, annotations, decorators, and assertions
of what only our own mistake can break (`assert`, and the `strict` of `zip`).
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

SWAPPED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
OPPOSITES = ("min max", "minimum maximum", "argmin argmax", "any all", "floor ceil", "mean sum")
OPPOSITE = {
    name: other
    for first, second in map(str.split, OPPOSITES)
    for name, other in ((first, second), (second, first))
}
LOGS = ("warn", "warning", "info", "debug", "exception", "print")


@dataclass(frozen=True, order=True)
class Mutation:
    """A piece of a file, and what to write in its place."""

    path: str  # below the root of the project
    line: int
    start: int  # of the piece, in bytes of the file
    end: int
    code: str  # the line on which it begins
    before: str
    after: str

    def applied(self, source: bytes) -> bytes:
        """Return the file with the change."""
        return source[: self.start] + self.after.encode() + source[self.end :]

    @property
    def name(self) -> str:
        """What it does, and to what, wherever that stands in the file."""
        return f"{self.path}: {self.code}: {self.before} -> {self.after}"

    def __str__(self) -> str:
        """Return where it is and what it does, in a line."""
        return f"{self.path}:{self.line}: {self.before} -> {self.after}"


def mutations(root: Path, path: Path) -> list[Mutation]:
    """Return every change that can be made to a file, from its top to its end."""
    source = path.read_bytes()
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    return sorted(
        Mutation(
            path.relative_to(root).as_posix(),
            piece.lineno,
            starts[piece.lineno - 1] + piece.col_offset,
            starts[piece.end_lineno - 1] + piece.end_col_offset,
            lines[piece.lineno - 1].decode().strip(),
            ast.unparse(piece),
            # The brackets keep what binds stronger outside.
            f"({ast.unparse(other)})" if isinstance(piece, ast.expr) else ast.unparse(other),
        )
        for node in _held(ast.parse(source))
        for piece, other in (*_changes_of_flow(node), *_changes_of_value(node))
        if not _is_left_alone(piece)
    )


def _held(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it that tests should hold."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(child):
                yield from _held(child)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Raise() | ast.Assert() | ast.JoinedStr():
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in LOGS
        case ast.keyword(arg="strict", value=ast.Constant()):
            return True
        case ast.Name(id="TYPE_CHECKING"):
            return True
    return False


def _changes_of_flow(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield what may stand in place of what, where something is returned, decided or only done."""
    match node:
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield value, ast.Constant(None)
        case ast.Expr(value=ast.Call() as value):
            yield value, ast.Constant(None)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.UnaryOp):  # whose value is changed below
                yield test, ast.UnaryOp(ast.Not(), test)


def _changes_of_value(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield what may stand in place of what, where something is computed."""
    match node:
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield node, ast.Constant(value + 1)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield node, operand
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                swapped = SWAPPED[type(op)]()
                yield node, _with(node, ops=[*ops[:index], swapped, *ops[index + 1 :]])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPPED:
            if not _joins_text(node):
                yield node, _with(node, op=SWAPPED[type(op)]())
        case ast.Call(func=ast.Name(id=name) as called) if name in OPPOSITE:
            yield node, _with(node, func=_with(called, id=OPPOSITE[name]))
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in OPPOSITE:
            yield node, _with(node, func=_with(called, attr=OPPOSITE[name]))


def _joins_text(node: ast.AST) -> bool:
    """Tell whether text or a path is joined: any other operator there fails at once."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _with(node: ast.AST, **fields: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other
