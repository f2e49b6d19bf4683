"""The toolkit as a package: installed from a wheel, and joined by a stranger's package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUFFIXES = (".py", ".yaml", ".md", ".safetensors", ".css", ".js")
OUTSIDE_PACKAGE = {
    "pyproject.toml": """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "outside-mime"
version = "1.0"
[tool.setuptools]
py-modules = ["outside_mime"]
[project.entry-points."talkingface.models"]
Outside_Mime = "outside_mime:MODEL"
""",
    "outside_mime.py": """
from talkingface.registry import ModelSpec
MODEL = ModelSpec(
    "Outside_Mime",
    "A model of a stranger.",
    model="talkingface.models.still_portrait.model:StillPortrait",
)
""",
}


def pip_install(source: Path, target: Path) -> None:
    """Install without asking any registry: what a build needs is in this environment."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", "--no-build-isolation", "--no-compile"),
            *("--target", str(target)),
            str(source),
        ],
        check=True,
        timeout=120,
    )


def python(*argv: str, cwd: Path, path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow  # builds a package, and starts the program twice
def test_the_model_of_an_outside_package_runs(tmp_path: Path, squares: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, content in OUTSIDE_PACKAGE.items():
        (source / name).write_text(content)
    pip_install(source, tmp_path / "site")
    entry = str(ROOT / "run_talkingface.py")
    listed = python(entry, "list", "models", cwd=tmp_path, path=str(tmp_path / "site"))
    assert "A model of a stranger." in listed.stdout
    words = ["--model=outside-mime", "--dataset=Squares", "--plugins", squares]
    done = python(entry, *words, "--evaluate.limit=1", cwd=tmp_path, path=str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert "Outside_Mime on Squares (test, self):" in done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a copy of the files that git would give a stranger."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "setup.py", "requirements.txt", "README.md", "LICENSE"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for folder in ("talkingface", "properties", "checkpoints"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in SUFFIXES:
                copy = source / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    site = tmp_path_factory.mktemp("site")
    pip_install(source, site)
    return site


def test_the_wheel_holds_all_that_is_no_program(installed: Path) -> None:
    assert (installed / "talkingface" / "properties" / "overall.yaml").is_file()
    assert (installed / "talkingface" / "checkpoints" / "weights.yaml").is_file()
    shipped = {path.name for path in (ROOT / "properties" / "model").iterdir()}
    assert {path.name for path in (installed / "talkingface/properties/model").iterdir()} == shipped
    for file in ("page.css", "page.js"):
        assert (installed / "talkingface" / "report" / file).is_file()
    assert (installed / "talkingface" / "web" / "page.css").is_file()
    demo = {path.relative_to(ROOT) for path in (ROOT / "checkpoints").rglob("demo*.safetensors")}
    assert all((installed / "talkingface" / path).is_file() for path in demo)


def test_the_installed_command_works_outside_of_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    command = str(installed / "bin" / "talkingface")
    done = python(command, "config", "--model=Still_Portrait", cwd=tmp_path, path=str(installed))
    assert done.returncode == 0, done.stderr
    assert "properties/model/Still_Portrait.yaml:2" in done.stdout
    module = python("-m", "talkingface", "--version", cwd=tmp_path, path=str(installed))
    assert module.stdout.startswith("talkingface ")
