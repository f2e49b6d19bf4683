"""What `import talkingface` costs, and that it hands out what it names."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import talkingface
from talkingface.errors import UsageError

ROOT = Path(__file__).parents[3]


def imported_by(code: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after some code, beyond its own."""
    before = "import sys, json; before = set(sys.modules)"
    after = "print(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{before}; {code}; {after}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout))


def test_the_import_loads_nothing_but_the_package_itself() -> None:
    loaded = imported_by("import talkingface")
    assert {name for name in loaded if name.startswith("talkingface")} == {"talkingface"}
    heavy = {"torch", "numpy", "av", "cv2", "scipy", "yaml", "PIL"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_names_of_methods_are_listed_without_torch() -> None:
    loaded = {
        name.split(".")[0] for name in imported_by("import talkingface as t; t.list_models()")
    }
    assert "numpy" in loaded  # so something was listed
    assert not {"torch", "av", "cv2", "scipy"} & loaded


def test_everything_that_is_named_is_handed_out() -> None:
    for name in talkingface.__all__:
        assert getattr(talkingface, name) is not None
        assert name in dir(talkingface)
    with pytest.raises(AttributeError, match="has no attribute 'animat'"):
        talkingface.animat  # noqa: B018


def test_methods_are_listed_by_what_they_control() -> None:
    assert "Still_Portrait" in talkingface.list_models()
    assert "SyncNet" not in talkingface.list_models()  # it makes no videos
    assert talkingface.list_models(control="gaze") == ["PD_FGC"]
    with pytest.raises(UsageError, match=r"no control 'gase'\. Did you mean 'gaze'"):
        talkingface.list_models(control="gase")
