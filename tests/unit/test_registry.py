"""Plugins come in by three doors; a broken one gets a sentence and hurts nobody else."""

import subprocess
import sys
from pathlib import Path

import pytest

from talkingface.errors import PluginError
from talkingface.plugins import discover, register_metric, register_model
from talkingface.registry import (
    Broken,
    DatasetSpec,
    Found,
    MetricSpec,
    ModelSpec,
    Registry,
    imported_class,
)

PLUGIN = """
from talkingface.plugins import register_model

@register_model("My_Own", "A model of mine.")
class MyOwn:
    pass
"""


def registry_of(*specs: ModelSpec) -> Registry:
    return Registry.of([Found(spec, f"place {index}") for index, spec in enumerate(specs)])


@pytest.mark.parametrize("name", ["PC_AVS", "pc_avs", "PC-AVS", "pcavs"])
def test_a_name_is_found_without_regard_to_case_and_separators(name: str) -> None:
    assert registry_of(ModelSpec("PC_AVS", "One.")).models.get(name).name == "PC_AVS"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PCAV", "PC_AVS"),
        ("PC_ASV", "PC_AVS"),
        ("PD_FCG", "PD_FGC"),
        ("pd-fg", "PD_FGC"),
        ("Rythmic_Head_Motion", "Rhythmic_Head_Motion"),
        ("RhythmicHeadMoton", "Rhythmic_Head_Motion"),
    ],
)
def test_a_mistyped_name_comes_with_the_one_that_was_meant(typed: str, meant: str) -> None:
    names = ("PC_AVS", "PD_FGC", "Rhythmic_Head_Motion", "Still_Portrait")
    models = registry_of(*(ModelSpec(name, "One.") for name in names)).models
    with pytest.raises(PluginError, match=f"Did you mean '{meant}'?") as error:
        models.get(typed)
    assert "Known: PC_AVS, PD_FGC, Rhythmic_Head_Motion, Still_Portrait." in str(error.value)


def test_a_name_that_is_taken_twice_is_an_error_for_that_name_alone() -> None:
    registry = registry_of(
        ModelSpec("Twin", "One."), ModelSpec("twin", "Two."), ModelSpec("A", "Three.")
    )
    with pytest.raises(PluginError, match=r"'Twin' is taken twice: by place 0 and place 1\."):
        registry.models.get("twin")
    assert [spec.name for spec in registry.models] == ["A"]
    assert len(registry.models.conflicts()) == 1


def test_kinds_do_not_mix() -> None:
    registry = Registry.of(
        [
            Found(ModelSpec("Same", "A model."), "a"),
            Found(DatasetSpec("Same", "A dataset."), "b"),
            Found(MetricSpec("Same", "A metric.", higher_is_better=True), "c"),
        ]
    )
    assert registry.models.get("same").sentence == "A model."
    assert registry.datasets.get("same").sentence == "A dataset."
    assert registry.metrics.get("same").sentence == "A metric."


def test_a_plugin_file_brings_its_registered_classes(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(PLUGIN)
    registry = discover([tmp_path / "mine.py"])
    spec = registry.models.get("my-own")
    assert spec.sentence == "A model of mine."
    assert imported_class(spec.model, "it").__name__ == "MyOwn"


def test_an_installed_package_brings_a_model_by_an_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "outside_mime-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: outside-mime\nVersion: 1.0\n")
    line = "Outside_Mime = outside_mime:MODEL"
    (about / "entry_points.txt").write_text(f"[talkingface.models]\n{line}\n")
    (tmp_path / "outside_mime.py").write_text(
        "from talkingface.registry import ModelSpec\n"
        "MODEL = ModelSpec('Outside_Mime', 'A model of a stranger.', model='nowhere:Mime')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert discover().models.get("outside-mime").sentence == "A model of a stranger."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named"),
        ("def broken(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        (None, "there is no such file"),
    ],
)
def test_a_broken_plugin_does_not_break_the_others(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    (tmp_path / "good.py").write_text(PLUGIN)
    if content is not None:
        (tmp_path / "bad.py").write_text(content)
    registry = discover([tmp_path / "bad.py", tmp_path / "good.py"])
    assert registry.models.get("My_Own")
    (broken,) = [one for one in registry.broken if "bad.py" in one.origin]
    assert reason in broken.reason
    with pytest.raises(PluginError, match=r"bad\.py could not be imported"):
        registry.models.get("Nobody")


def test_the_package_itself_has_no_broken_plugin() -> None:
    registry = discover()
    assert registry.broken == ()
    assert registry.models.conflicts() == []
    for catalogue in (registry.models, registry.datasets, registry.metrics):
        for spec in catalogue:
            assert spec.sentence.endswith(".")


def test_a_class_that_cannot_be_imported_is_a_sentence() -> None:
    with pytest.raises(PluginError, match="The model X names the class 'nowhere:X'"):
        imported_class("nowhere:X", "The model X")


def test_a_class_can_be_marked_and_used_at_once() -> None:
    @register_metric("Mine", "A score.", higher_is_better=False)
    @register_model("Mine", "A model.")
    class Both:
        """Marked twice: the last mark counts."""

    assert vars(Both)["__talkingface_spec__"].sentence == "A score."


def test_a_broken_plugin_reads_as_a_sentence() -> None:
    assert str(Broken("a.py", "it is empty")) == (
        "The plugin a.py could not be imported (it is empty)."
    )


def test_listing_imports_no_torch() -> None:
    code = (
        "import sys; from talkingface.cli import main; main(['list']); main(['--help']);"
        "main(['config', '--model=Still_Portrait']);"
        "sys.exit('torch' in sys.modules or 'cv2' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
