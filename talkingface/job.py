"""A job: what to generate. Portraits and speech, and a source for each control."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from talkingface.clip import Clip, Frames, Picture, Speech

ControlName = Literal["lip", "pose", "blink", "gaze", "emotion"]
CONTROL_NAMES: tuple[ControlName, ...] = get_args(ControlName)


@dataclass(frozen=True)
class Control:
    """Where one factor of the face comes from, and how strongly it is followed.

    `source` is a clip that shows it, a fixed value (for pose: yaw, pitch, roll in radians), or None
    for the job's own speech.
    """

    source: Clip | tuple[float, ...] | None = None
    strength: float = 1.0


@dataclass(frozen=True)
class Job:
    """Portraits of one person, what the person says, and who controls what."""

    name: str
    portraits: tuple[Picture, ...]  # each (H, W, 3) uint8 RGB
    speech: Speech
    controls: Mapping[ControlName, Control] = field(default_factory=dict)
    speaker: Frames | None = None  # whose speech it is, where seen; shown beside, no method looks
    subject: Clip | None = None  # the clip whose frames the portraits are, where there is one

    def strength(self, name: ControlName) -> float:
        """Return how strongly a control is followed; 1 where the job does not say."""
        return self.controls[name].strength if name in self.controls else 1.0
