"""What the authors' program leaves beside a generated video, under its names."""

from collections.abc import Iterator
from itertools import islice

from talkingface.clip import Frames, Picture
from talkingface.job import Job
from talkingface.media.strip import Panel, Panels
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.drawing import pose_frames, shown_frames
from talkingface.models.pc_avs.framing import to_and_fro

WINDOW = 16  # pictures that are read together


def panels_of(job: Job, settings: PCAVSSettings, *, portrait_is_shown: bool = True) -> Panels:
    """Return the portrait, the generated video, the pose pictures and the speaker, as there are.

    Args:
        job: what is generated.
        settings: of the method.
        portrait_is_shown: whether the portrait gives the identity.
    """
    shown = shown_frames(job.speech, settings.sync)
    pose = pose_frames(job) if job.strength("pose") else None
    panels: dict[str, Panel | None] = {"Input_": job.portraits[0]} if portrait_is_shown else {}
    panels["G_Fix_Pose_" if pose is None else "G_Pose_Driven_"] = None
    if pose is not None:
        panels["Pose_Source_"] = _in_turn(pose, shown)
    if job.speaker is not None:
        panels["Mouth_Source_"] = islice(job.speaker, shown.start, None)
    references = job.portraits[: settings.references]
    pictures = {f"ref_id_{index}": picture for index, picture in enumerate(references)}
    return Panels(panels, pictures, strip="avconcat")


def _in_turn(video: Frames, shown: range) -> Iterator[Picture]:
    """Yield the pose picture of each frame that is drawn."""
    for start in range(0, len(shown), WINDOW):
        places = [to_and_fro(frame, len(video)) for frame in shown[start : start + WINDOW]]
        first = min(places)
        pictures = video.read(first, max(places) + 1)
        yield from (pictures[place - first] for place in places)
