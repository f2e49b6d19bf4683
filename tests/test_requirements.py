"""What is required says how old and how new it may be, and says the same wherever it is said."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
# A name, and either one version or from which on (there is such a version) to below which.
BOUNDED = re.compile(r"(?P<name>[\w-]+)(==\d+(\.\d+)+|>=\d+(\.\d+)*,<\d+(\.\d+)*)")


def required_by(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r"))]


def test_each_requirement_has_an_oldest_and_a_newest_version() -> None:
    """`make test-oldest` reads them: where one has no oldest, the newest would be tried."""
    lines = required_by("requirements.txt")
    assert len(lines) > 10
    assert [line for line in lines if not BOUNDED.fullmatch(line)] == []


def test_extras_are_bounded_as_where_they_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tested = required_by("requirements-dev.txt") + required_by("requirements-slow.txt")
    for extra, lines in project["optional-dependencies"].items():
        assert set(lines) <= set(tested), extra
