"""The program runs nothing that a file contains, starts no program, and is silent.

Read from the syntax of every file, so that a rule cannot be forgotten where no test looks.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "talkingface"
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# By these names a function runs code, starts a program, or unpickles without asking.
FORBIDDEN = {
    "eval": "evaluates text",
    "exec": "runs text",
    "compile": "makes code of text",
    "__import__": "imports by a computed name",
    "breakpoint": "stops for a debugger",
    "os.system": "starts a shell",
    "os.popen": "starts a shell",
    "os.fork": "starts a process",
    "os.startfile": "starts a program",
    "os.chdir": "moves the whole program",
    "pickle.load": "runs what a file contains",
    "pickle.loads": "runs what a file contains",
    "pickle.Unpickler": "runs what a file contains",
    "marshal.load": "runs what a file contains",
    "marshal.loads": "runs what a file contains",
    "shelve.open": "runs what a file contains",
    "yaml.load": "makes objects that a file names",
    "yaml.load_all": "makes objects that a file names",
    "yaml.unsafe_load": "makes objects that a file names",
    "yaml.full_load": "makes objects that a file names",
    "torch.hub.load": "runs a repository from the network",
    "torch.jit.load": "runs what a file contains",
    "torch.serialization.load": "is another name of torch.load",
    "joblib.load": "runs what a file contains",
    "pandas.read_pickle": "runs what a file contains",
}
FORBIDDEN_PREFIXES = ("os.exec", "os.spawn", "os.posix_spawn", "pty.")
FORBIDDEN_MODULES = ("subprocess", "pty", "commands", "cloudpickle", "dill", "joblib", "shelve")


def faults_of(source: str, file: str) -> list[str]:
    """Return one sentence for each breach in a file of the package."""
    tree = ast.parse(source)
    full_names = imported_names(tree)
    faults = [
        f"line {node.lineno}: imports {module}"
        for node, module in imports(tree)
        if module.split(".")[0] in FORBIDDEN_MODULES
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name = full_name(node, full_names)
            faults += [f"line {node.lineno}: {name} {fault}" for fault in name_faults(name, file)]
        elif isinstance(node, ast.Call):
            name = full_name(node.func, full_names)
            options = {option.arg: ast.unparse(option.value) for option in node.keywords}
            faults += [
                f"line {node.lineno}: {name} {fault}" for fault in call_faults(name, options)
            ]
    return faults


def name_faults(name: str, file: str) -> Iterator[str]:
    """Say why a name may not even be mentioned: what is mentioned can be called elsewhere."""
    if name in FORBIDDEN:
        yield FORBIDDEN[name]
    if name.startswith(FORBIDDEN_PREFIXES):
        yield "starts a program"
    if name.endswith(".extractall"):
        yield "writes where an archive says"
    if name == "torch.load" and not file.startswith("storage/"):
        yield "outside storage/"
    if name == "print" and not file.startswith("cli/"):
        yield "outside cli/"


def call_faults(name: str, options: dict[str | None, str]) -> Iterator[str]:
    """Say which option a call lacks, or may not have."""
    if name == "torch.load" and options.get("weights_only") != "True":
        yield "without weights_only=True"
    if options.get("allow_pickle") not in (None, "False"):  # NumPy's own default is safe
        yield "with pickles"
    if options.get("shell") not in (None, "False"):
        yield "with a shell"


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every import and the module that it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for, as ``np`` for ``numpy``."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                package = alias.name.split(".")[0]
                names |= {alias.asname: alias.name} if alias.asname else {package: package}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def full_name(node: ast.expr, full_names: dict[str, str]) -> str:
    """Return the dotted name of an expression, as far as it can be read."""
    first, _, rest = ast.unparse(node).partition(".")
    whole = full_names.get(first, first) + (f".{rest}" if rest else "")
    return whole.removeprefix("builtins.")


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_the_program_keeps_the_rules_of_safety(file: str) -> None:
    assert faults_of((PACKAGE / file).read_text("utf-8"), file) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import subprocess", "imports subprocess"),
        ("from subprocess import run", "imports subprocess"),
        ("import os\nos.system('ls')", "os.system starts a shell"),
        ("from os import system as s\ns('ls')", "os.system starts a shell"),
        ("import os\nos.execv('ls', [])", "starts a program"),
        ("eval('1')", "eval evaluates text"),
        ("list(map(eval, texts))", "eval evaluates text"),
        ("import builtins\nbuiltins.exec('1')", "exec runs text"),
        ("import pickle as p\np.load(f)", "pickle.load runs"),
        ("from pickle import loads\nloads(b'')", "pickle.loads runs"),
        ("import yaml\nyaml.load(f, yaml.SafeLoader)", "yaml.load makes"),
        ("import torch\ntorch.load('a', weights_only=True)", "torch.load outside storage/"),
        ("from torch import load\nload('a', weights_only=True)", "torch.load outside storage/"),
        ("import numpy as np\nnp.load('a', allow_pickle=True)", "numpy.load with pickles"),
        ("archive.extractall('a')", "writes where an archive says"),
        ("open_it('a', shell=True)", "with a shell"),
        ("print('a')", "print outside cli/"),
    ],
)
def test_each_rule_sees_its_breach(source: str, fault: str) -> None:
    assert any(fault in found for found in faults_of(source, "models/a.py"))


@pytest.mark.parametrize("option", ["", ", weights_only=False", ", weights_only=flag"])
def test_even_storage_loads_weights_only(option: str) -> None:
    source = f"import torch\ntorch.load('a'{option})"
    assert faults_of(source, "storage/a.py") == ["line 2: torch.load without weights_only=True"]


def test_what_is_allowed_is_no_breach() -> None:
    assert faults_of("import torch\ntorch.load('a', weights_only=True)", "storage/a.py") == []
    assert faults_of("import numpy as np\nnp.load('a')", "metrics/a.py") == []
    assert faults_of("print('a')", "cli/a.py") == []
    assert (
        faults_of("import re, torch\nre.compile('a')\nnet.eval()\ntorch.compile(net)", "a.py") == []
    )
