"""An import points downward, or stays in its own folder."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "talkingface"
FLOORS = (
    {"errors"},
    {"config", "registry", "clip", "job", "storage"},
    {"media", "nn"},
    {"face"},
    {"data", "metrics"},
    {"models"},
    {"engine"},
    {"report"},
    {"api"},
    {"web"},
    {"cli"},
)
# These stand outside the house: the package's own face, and the doors through which plugins come,
# which name the folders they look into.
OUTSIDE = {"__init__", "__main__", "plugins"}


def floor_of(part: str) -> int:
    for height, parts in enumerate(FLOORS):
        if part in parts:
            return height
    raise AssertionError(f"talkingface/{part} stands on no floor: add it to tests/test_layers.py")


def part_of(module: str) -> str:
    names = module.split(".")
    return names[1] if len(names) > 1 else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {name for name in found if name.startswith("talkingface.")}
    return {name for name in ours if part_of(name) not in OUTSIDE | {"__version__"}}


def modules() -> list[tuple[Path, str]]:
    """Return every file of the house with the part that it belongs to."""
    files = [(path, path.relative_to(PACKAGE).parts[0]) for path in PACKAGE.rglob("*.py")]
    parts = [(path, name.removesuffix(".py")) for path, name in files]
    return [(path, part) for path, part in parts if part not in OUTSIDE]


def test_imports_point_downward() -> None:
    upward = []
    for path, part in modules():
        for name in imports(path):
            target = part_of(name)
            same_floor_neighbour = target != part and floor_of(target) == floor_of(part)
            if floor_of(target) > floor_of(part) or (same_floor_neighbour and floor_of(part) > 1):
                upward.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert upward == []


def test_no_model_imports_another() -> None:
    shared = {path.stem for path in (PACKAGE / "models").glob("*.py")}  # methods are folders
    crossing = []
    for path in (PACKAGE / "models").rglob("*.py"):
        own = path.relative_to(PACKAGE / "models").parts[0]
        for name in imports(path):
            parts = name.split(".")
            if parts[:2] == ["talkingface", "models"] and parts[2] not in {*shared, own}:
                crossing.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert crossing == []


def test_the_engine_knows_models_by_their_contract_alone() -> None:
    for path in (PACKAGE / "engine").rglob("*.py"):
        for name in imports(path):
            if name.startswith("talkingface.models"):
                assert name.startswith("talkingface.models.base"), f"{path} imports {name}"
