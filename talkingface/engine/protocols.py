"""Who drives whom in an evaluation, by the names that papers use.

| protocol | portrait | speech | movement | what there is to compare with |
|---|---|---|---|---|
| `self` | the clip's own | own | own | the clip itself |
| `cross_identity` | somebody else's | own | own | the clip's movement; no picture |
| `cross_pose` | own | own | pose of another clip, else own | that pose, own lips; no picture |
| `pairs` | a person of SynthTalk | another's | others' | the rendered truth |

Who meets whom is drawn by names and a seed, so that a part of a split has the partners of the
whole.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from talkingface.clip import Clip, Speech
from talkingface.config.settings import Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.data.splits import drawn
from talkingface.engine.jobs import self_driven, subject_of
from talkingface.engine.lasting import LastingFrames, SpeechPart
from talkingface.engine.trials import COMPARED, MOVEMENT, Task, Trial
from talkingface.errors import DataError, UsageError
from talkingface.job import Control, ControlName, Job
from talkingface.metrics.base import Compared


def compared_in(protocol: str) -> frozenset[Compared]:
    """Return what of a clip a protocol has something to compare with."""
    return frozenset(MOVEMENT if protocol.startswith("cross") else COMPARED)


def tasks_of(
    dataset: TalkingFaceDataset, settings: Settings, controls: Collection[ControlName], model: str
) -> list[Task]:
    """Return the tasks of the protocol that the settings name.

    Raises:
        DataError: The split has no clips, or too few people.
        UsageError: The dataset or the method cannot take part in the protocol.
    """
    chosen = settings.evaluate
    if chosen.protocol == "pairs":
        return _pairs(dataset.pairs(chosen.split), controls)[: chosen.limit]
    if chosen.protocol == "cross_pose" and "pose" not in controls:
        raise UsageError(
            f"{model} has no control 'pose', so cross_pose would test nothing. "
            "Choose --evaluate.protocol=self, or a method with the control: list models --controls."
        )
    clips = dataset.clips(chosen.split)
    wanted = clips[: chosen.limit]
    if not wanted:
        raise DataError(f"The {chosen.split} split has no clips.")
    others = partners(clips, wanted, settings.seed)
    if chosen.protocol == "self":
        return [
            Task(clip.name, partial(self_trial, clip, controls, others.get(clip.name)))
            for clip in wanted
        ]
    if not others:
        raise DataError(f"{chosen.protocol} needs two clips, and the {chosen.split} split has one.")
    cross = cross_identity if chosen.protocol == "cross_identity" else cross_pose
    return [Task(clip.name, partial(cross, clip, controls, others[clip.name])) for clip in wanted]


def partners(clips: Sequence[Clip], wanted: Sequence[Clip], seed: int) -> Mapping[str, Clip]:
    """Return another clip for each that is wanted: of somebody else, wherever that is known.

    Nobody has a partner where there is one clip only.
    """
    if len(clips) < 2:
        return {}
    by_name = {clip.name: clip for clip in clips}
    circle = drawn(by_name, seed)
    places = {name: place for place, name in enumerate(circle)}
    found = {}
    for clip in wanted:
        following = (
            by_name[circle[(places[clip.name] + step) % len(circle)]]
            for step in range(1, len(circle))
        )
        neighbour = next(following)
        strangers = (one for one in chain([neighbour], following) if _differ(one, clip))
        found[clip.name] = next(strangers, neighbour)
    return found


def self_trial(clip: Clip, controls: Iterable[ControlName], other: Clip | None = None) -> Trial:
    """Return the trial of making a clip again; where it has no frames, there is no truth."""
    job = self_driven(clip, controls)
    return Trial(
        clip,
        {} if clip.frames is None else dict.fromkeys(COMPARED, clip),
        job=job,
        portrait=job.portraits[0],
        other_speech=_as_long_as(job.speech, other),
    )


def cross_identity(clip: Clip, controls: Iterable[ControlName], other: Clip) -> Trial:
    """Return the trial in which another person's portrait moves as a clip does."""
    job = self_driven(clip, controls)
    reference = other.sources.get("reference") or other.frames
    if reference is None or len(reference) == 0:
        raise DataError(f"{other.name} has no frames to take a portrait from.")
    job = replace(job, portraits=(reference.read(0, 1)[0],), subject=subject_of(other))
    return Trial(
        clip,
        dict.fromkeys(MOVEMENT, clip),
        job=job,
        portrait=job.portraits[0],
        other_speech=_as_long_as(job.speech, other),
    )


def cross_pose(clip: Clip, controls: Iterable[ControlName], other: Clip) -> Trial:
    """Return the trial in which a clip is made again with the head of another one."""
    job = self_driven(clip, controls)
    assert clip.frames is not None, "a clip that drives itself has frames"
    if other.frames is None or len(other.frames) == 0:
        raise DataError(f"{other.name} has no frames to take the pose from.")
    head = Clip(f"{other.name}_pose", LastingFrames(other.frames, len(clip.frames)))
    return Trial(
        clip,
        {**dict.fromkeys(MOVEMENT, clip), "pose": head},
        job=replace(job, controls={**job.controls, "pose": Control(head)}),
        portrait=job.portraits[0],
        other_speech=_as_long_as(job.speech, other),
    )


def _pairs(pairs: Sequence[tuple[Job, Clip]], controls: Collection[ControlName]) -> list[Task]:
    speakers = [job.speech for job, _ in pairs]
    return [
        Task(answer.name, partial(_pair, job, answer, controls, other))
        for (job, answer), other in zip(pairs, [*speakers[1:], *speakers[:1]], strict=True)
    ]


def _pair(job: Job, answer: Clip, controls: Collection[ControlName], other: Speech) -> Trial:
    own = {name: control for name, control in job.controls.items() if name in controls}
    return Trial(
        answer,
        dict.fromkeys(COMPARED, answer),
        job=replace(job, controls=own),
        portrait=job.portraits[0],
        other_speech=SpeechPart(other, 0.0, job.speech.seconds),
    )


def _differ(one: Clip, other: Clip) -> bool:
    """Return whether two clips show two people, as far as is known."""
    return not other.identity or one.identity != other.identity


def _as_long_as(speech: Speech, other: Clip | None) -> Speech | None:
    """Return what somebody else says, cut or repeated to the length of a speech."""
    if other is None or other.speech is None:
        return None
    return SpeechPart(other.speech, 0.0, speech.seconds)
