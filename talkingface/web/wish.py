"""What a visitor asks for, and the command line that asks for the same."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from talkingface.config.given import words_of
from talkingface.engine.assignment import PROGRAM
from talkingface.job import ControlName
from talkingface.web.methods import NOISE_SEED, Offer

LEARNED = 1.0  # strength at which a control is followed as it was learned


@dataclass(frozen=True)
class Wish:
    """One video that a visitor asks for. Only what the method has is passed on.

    Attributes:
        offer: the method.
        portrait: the picture, where the method needs one.
        speech: what is said.
        drivers: the video of who drives each control, where somebody does.
        angles: in degrees, for controls that nobody drives.
        strength: how strongly each control is followed.
        seed: start of every random number.
        align: whether the face is cut out of the portrait and put back.
        mark: whether the pictures say that they are synthetic.
    """

    offer: Offer
    portrait: Path | None
    speech: Path
    drivers: Mapping[ControlName, Path] = field(default_factory=dict)
    angles: Mapping[ControlName, tuple[float, ...]] = field(default_factory=dict)
    strength: Mapping[ControlName, float] = field(default_factory=dict)
    seed: int = 0
    align: bool = False
    mark: bool = False

    def said(self) -> dict[str, Any]:
        """Return the settings that make it, by the keys of ``generate``."""
        offer = self.offer
        said: dict[str, Any] = {"model": offer.name}
        if offer.weights:
            said["evaluate_model_file"] = offer.weights
        if offer.needs_portrait:
            said["source"] = (str(self.portrait),)
        said |= {"audio": str(self.speech), **self._controls()}
        if self.align and offer.can_align:
            said |= {"align": True, "paste_back": True}
        if self.mark:
            said["mark"] = True
        if offer.has_noise:
            said[f"model.{NOISE_SEED}"] = self.seed
        return {**said, "seed": self.seed}

    @property
    def out(self) -> str:
        """The name of the video."""
        return f"{(self.portrait or self.speech).stem}.mp4"

    def command(self) -> str:
        """Return the command line that repeats it in a folder with the visitor's own files."""
        files = {"audio": self.speech} | {str(name): path for name, path in self.drivers.items()}
        if self.portrait is not None:
            files["source"] = self.portrait
        said = self.said()
        own = {key: path.name for key, path in files.items() if key in said}
        words = words_of({**said, **own, "out": self.out})
        return shlex.join([*PROGRAM.split(), "generate", *words])

    def _controls(self) -> dict[str, Any]:
        """Return who drives each control that the method has, and how strongly."""
        said: dict[str, Any] = {}
        for name in self.offer.controls:
            angles = self.angles.get(name, ())
            if name in self.drivers:
                said[name] = str(self.drivers[name])
            elif name in self.offer.angles and any(angles):
                said[name] = ",".join(f"{angle:g}" for angle in angles)
            followed = name in said or name == "lip"
            strength = self.strength.get(name, LEARNED)
            if followed and strength != LEARNED:
                said[f"strength.{name}"] = strength
        return said
