"""What the authors' program shows beside a generated video: the portrait, and who drives it."""

from collections.abc import Mapping

from talkingface.clip import Clip, Frames
from talkingface.job import ControlName, Job
from talkingface.media.order import in_order
from talkingface.media.strip import Panel, Panels
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.timing import Schedule

LABELS: Mapping[ControlName, str] = {
    "lip": "lips",
    "pose": "pose",
    "emotion": "expression",
    "blink": "eyes",
    "gaze": "gaze",
}


def panels_of(job: Job, settings: PDFGCSettings, schedule: Schedule) -> Panels:
    """Return the portrait, the generated video, and of each driver the picture of every frame.

    Blink and gaze that follow the same pictures are one panel.
    """
    drivers = {label: _frames(job, name) for name, label in LABELS.items()}
    if drivers["gaze"] is drivers["eyes"]:
        drivers["gaze"] = None
    shown: dict[str, Panel | None] = {"portrait": job.portraits[0], "generated": None}
    for label, frames in drivers.items():
        if frames is not None and len(frames):
            places = schedule.pictures(schedule.all_frames, len(frames), settings.short_driver)
            shown[label] = in_order(frames, places.tolist())
    return Panels(shown)


def _frames(job: Job, name: ControlName) -> Frames | None:
    """Return the pictures that a control follows, if it follows pictures."""
    source = job.controls[name].source if name in job.controls else None
    return source.frames if isinstance(source, Clip) else None
