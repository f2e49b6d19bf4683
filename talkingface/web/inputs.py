"""The parts of the page in which visitors give something: files and numbers, never a path."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from talkingface.data.synth import draw_person
from talkingface.data.synth.camera import FramingName
from talkingface.engine.drivers import NUM_ANGLES
from talkingface.errors import DataError
from talkingface.job import CONTROL_NAMES, ControlName
from talkingface.web.methods import Offer
from talkingface.web.wish import LEARNED

TITLES: Mapping[ControlName, str] = {
    "lip": "Lips",
    "pose": "Head",
    "blink": "Eyelids",
    "gaze": "Gaze",
    "emotion": "Expression",
}
ANGLES: Mapping[ControlName, tuple[str, ...]] = {
    "pose": ("Turn (yaw)", "Nod (pitch)", "Tilt (roll)"),
    "gaze": ("To the right", "Up"),
}
MOST_DEGREES = 40
STRONGEST = 2.0
LARGEST_SEED = 2**32 - 1
NUM_DRAWN_PEOPLE = 40

Given = Mapping[Any, Any]  # what stands in each part of the page


def driver_input(label: str) -> Any:
    """Return where a driving video is uploaded or recorded."""
    return _files_only(gr.Video(sources=["upload", "webcam"], label=label))


def seed_input() -> Any:
    """Return where the seed is said."""
    return gr.Number(
        0, label="Seed", precision=0, minimum=0, maximum=LARGEST_SEED, info="Repeats chance."
    )


def seed_of(given: Given, part: Any) -> int:
    """Return the seed in a part of the page."""
    return min(max(0, int(given[part] or 0)), LARGEST_SEED)


@dataclass(frozen=True)
class PersonInputs:
    """Who speaks, and what is said."""

    portrait: Any
    speech: Any

    @classmethod
    def laid_out(cls, private: Path, method: Any, offers: Mapping[str, Offer]) -> "PersonInputs":
        """Lay out the inputs, and a button that draws somebody into the folder `private`.

        The portrait shows as much as `method` sees, where the title of an offer is chosen.
        """
        portrait = _files_only(
            gr.Image(type="filepath", sources=["upload", "webcam"], label="Portrait", height=260)
        )
        speech = _files_only(
            gr.Audio(
                type="filepath",
                sources=["upload", "microphone"],
                label="Speech",
                editable=False,
                buttons=["download"],
            )
        )

        def drawn(title: str) -> list[str]:
            number = secrets.randbelow(NUM_DRAWN_PEOPLE)
            shows: FramingName = "face" if offers[title].view == "face" else "head"
            return [str(path) for path in draw_person(number, private / "drawn", shows=shows)]

        gr.Button("Try it with a drawn person", size="sm").click(
            drawn, method, [portrait, speech], api_visibility="private"
        )
        return cls(portrait, speech)

    def of(self, given: Given, offer: Offer) -> tuple[Path | None, Path]:
        """Return the portrait, where a method needs one, and the speech.

        Raises:
            DataError: Something is missing.
        """
        portrait, speech = path_of(given, self.portrait), path_of(given, self.speech)
        if offer.needs_portrait and portrait is None:
            raise DataError("There is no portrait. Upload a picture, or take one.")
        if speech is None:
            raise DataError("There is no speech. Upload some, or record it.")
        return (portrait if offer.needs_portrait else None), speech


@dataclass(frozen=True)
class ControlInputs:
    """What can be said of one control: who drives it, how strongly, or at which angles."""

    name: ControlName
    group: Any
    driver: Any  # None for the lips, which follow the speech
    strength: Any
    angles: tuple[Any, ...]
    angles_group: Any

    @classmethod
    def of(cls, name: ControlName, offer: Offer) -> "ControlInputs":
        """Lay out the inputs of a control, seen where a method has it."""
        title = TITLES[name]
        with gr.Accordion(title, open=name == "lip", visible=name in offer.controls) as group:
            driver = None if name == "lip" else driver_input(f"{title}: driving video")
            strength = gr.Slider(
                0,
                STRONGEST,
                LEARNED,
                step=0.05,
                label=f"{title}: how strongly",
                info="1 as learned",
            )
            with gr.Group(visible=name in offer.angles) as angles_group:
                angles = tuple(
                    gr.Slider(-MOST_DEGREES, MOST_DEGREES, 0, step=1, label=f"{label}, degrees")
                    for label in ANGLES.get(name, ())
                )
        return cls(name, group, driver, strength, angles, angles_group)

    def all_inputs(self) -> list[Any]:
        """Return every part in which something can be said."""
        driver = [] if self.driver is None else [self.driver]
        return [*driver, self.strength, *self.angles]

    def angles_in(self, given: Given) -> tuple[float, ...]:
        """Return the angles that are said, in degrees."""
        return tuple(float(given[one]) for one in self.angles)

    def shown_for(self, offer: Offer) -> list[Any]:
        """Return how group and angles look for a method."""
        return [
            gr.update(visible=self.name in offer.controls),
            gr.update(visible=self.name in offer.angles),
        ]


def control_inputs(offer: Offer) -> list[ControlInputs]:
    """Lay out the inputs of every control that any method may have."""
    assert all(len(ANGLES[name]) == number for name, number in NUM_ANGLES.items())
    return [ControlInputs.of(name, offer) for name in CONTROL_NAMES]


def path_of(given: Given, part: Any) -> Path | None:
    """Return the uploaded file in a part of the page."""
    found = None if part is None else given[part]
    return None if found is None else Path(found)


def _files_only(part: Any) -> Any:
    """Let a part of the page take a file that was uploaded to it, and nothing else.

    Gradio would also fetch what an address leads to, and open pictures itself, with words of its
    own for those that are none.
    """
    into_cache = part.async_move_resource_to_block_cache

    async def kept(path: str) -> str | None:
        if not Path(path).is_file():
            raise gr.Error("Upload a file; addresses are not followed.", print_exception=False)
        found: str | None = await into_cache(path)
        return found

    part.async_move_resource_to_block_cache = kept
    part.preprocess = lambda payload: None if payload is None else payload.path
    return part
