"""Every model has a card that says what must be known of it, with numbers that were measured.

`benchmarks.record` keeps what was measured beside the demo weights. New weights make old numbers
fail here, and so do weights that come without numbers.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import talkingface.models
from talkingface.config.locations import demo_weights
from talkingface.plugins import discover
from talkingface.registry import ModelSpec
from talkingface.storage.digest import sha256_of

HEADINGS = (
    "Paper",
    "Licence of the code",
    "Licence of the weights",
    "Data",
    "Numbers",
    "Command",
    "Limits",
    "Misuse",
)
MODELS = list(discover().models)
FOLDER = Path(talkingface.models.__file__).parent
HEADING = re.compile(r"^\*\*([^*\n]+)\.\*\*", re.MULTILINE)
CODE = re.compile(r"^ {4}.*$|`[^`\n]*`", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.])-?(?:\d+(?:\.\d+)?|\.\d+)(?![\w])(\s?%)?")

each_model = pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.name)


def card_of(spec: ModelSpec) -> Path:
    """Return the card: that of the folder, or one of its own where several models share it."""
    folder = FOLDER / str(spec.model).split(".")[2]
    own = folder / f"{spec.name.upper()}.md"
    return own if own.is_file() else folder / "README.md"


def sections_of(spec: ModelSpec) -> dict[str, str]:
    """Return what stands below each heading of a card."""
    _, *parts = HEADING.split(card_of(spec).read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def measured(spec: ModelSpec) -> dict[str, dict]:
    """Return what each command measured, by command."""
    path = demo_weights(spec.name).with_name("results.json")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def leaves(content: object) -> Iterator[float]:
    """Yield every number in nested lists and mappings."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from leaves(one)
    elif isinstance(content, int | float):
        yield float(content)


def unfounded(text: str, known: list[float]) -> list[str]:
    """Return the numbers of a text that are none of those that are known, rounded as written."""
    wrong = []
    for found in NUMBER.finditer(CODE.sub("", text)):
        written = found[0].removesuffix(found[1] or "")
        half = 0.5 * 10.0 ** -len(written.partition(".")[2])
        factor = 100 if found[1] else 1
        if not any(abs(factor * value - float(written)) <= half + 1e-9 for value in known):
            wrong.append(found[0])
    return wrong


def test_a_number_is_found_only_as_it_was_measured() -> None:
    known = [0.9917, -0.025, 24]
    assert unfounded("r .992, 99 %, 24 clips, -.03 px; `7` `x 8`, A1\n\n    run 9\n", known) == []
    assert unfounded("r .993, 98 %, 25 clips, .03 px, 24.0", known) == [".993", "98 %", "25", ".03"]


@each_model
def test_a_card_has_every_heading(spec: ModelSpec) -> None:
    assert card_of(spec).read_text(encoding="utf-8").startswith(f"# {spec.name}\n")
    sections = sections_of(spec)
    assert [heading for heading in HEADINGS if not sections.get(heading, "").strip()] == []


@each_model
def test_the_numbers_of_a_card_were_measured_by_commands_that_it_names(spec: ModelSpec) -> None:
    sections, entries = sections_of(spec), measured(spec)
    figures = [{**entry, "weights": {}} for entry in entries.values()]
    assert unfounded(sections["Numbers"], list(leaves(figures))) == []
    assert [command for command in entries if command not in sections["Command"]] == []


@each_model
def test_numbers_are_those_of_the_weights_that_lie_beside_them(spec: ModelSpec) -> None:
    entries = measured(spec)
    assert bool(entries) or not demo_weights(spec.name).is_file()
    for entry in entries.values():
        assert entry["weights"] == {
            model: sha256_of(demo_weights(model)) for model in entry["weights"]
        }
    if demo_weights(spec.name).is_file():
        assert all(spec.name in entry["weights"] for entry in entries.values())
        assert NUMBER.search(CODE.sub("", sections_of(spec)["Numbers"]))
