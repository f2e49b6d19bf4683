"""One clip of the corpus: made from its plan, written to disk, opened again."""

import hashlib
import json
import wave
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Waveform
from talkingface.data.synth.arrays import Array, Mask
from talkingface.data.synth.camera import CROP, FRAMINGS, Framing
from talkingface.data.synth.factors import FACTOR_GROUPS, FACTOR_INDEX, columns_of
from talkingface.data.synth.ground_truth import (
    face_masks,
    face_mesh,
    mouth_masks,
    truth,
    visible_landmarks,
)
from talkingface.data.synth.identity import Identity, person
from talkingface.data.synth.lips import LIP_FACTORS, lip_curves, lips_at_frames
from talkingface.data.synth.motion import loudness_of, natural_motion
from talkingface.data.synth.phonemes import SILENCE, TimedPhoneme
from talkingface.data.synth.recipe import ClipPlan, framing_entry
from talkingface.data.synth.rendering import render_frames
from talkingface.data.synth.sources import StoredFrames, StoredSpeech
from talkingface.data.synth.speech import Spoken, spoken_by
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.errors import DataError
from talkingface.storage.atomic import atomic_file, write_json


@dataclass(frozen=True)
class Performance:
    """What a person does in a clip, before it is drawn."""

    spoken: Spoken
    factors: Array  # (T, F)
    emotion: str


def perform(plan: ClipPlan) -> Performance:
    """Return speech and movement of a clip; the lips follow the phonemes."""
    spoken = spoken_by(plan.speaker, plan.sentence, plan.seconds, plan.voice, plan.microphone)
    rng = np.random.default_rng([0x307104, plan.person, plan.sentence])
    loudness = loudness_of(spoken.waveform, SAMPLE_RATE_HZ, plan.rate, plan.num_frames)
    factors, emotion = natural_motion(rng, plan.rate, loudness)
    lips = lips_at_frames(lip_curves(spoken.phonemes, plan.seconds), plan.rate, plan.num_frames)
    factors[:, [FACTOR_INDEX[name] for name in LIP_FACTORS]] = lips
    return Performance(spoken, factors, emotion)


def make_clip(plan: ClipPlan, folder: Path) -> None:
    """Make a clip and write its files; its row comes last and says that all is there.

    Raises:
        StorageError: a file cannot be written.
    """
    done = perform(plan)
    identity = person(plan.person)
    frames = np.stack(list(render_frames(identity, done.factors, plan.image_px, plan.framing)))
    known = truth(identity, done.factors, plan.image_px, plan.framing)
    place = folder / "clips"
    with atomic_file(place / f"{plan.name}.npy") as file:
        np.save(file, frames)
    with atomic_file(place / f"{plan.name}.wav") as file, wave.open(file, "wb") as sound:
        sound.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", "not compressed"))
        samples = sixteen_bit(done.spoken.waveform)
        sound.writeframes(samples.tobytes())
    with atomic_file(place / f"{plan.name}.npz") as file:
        np.savez(
            file,
            factors=done.factors,
            landmarks=known.landmarks,
            visible=visible_landmarks(identity, done.factors),
            rotation=known.rotation,
            translation=known.translation,
            phonemes=np.array([phoneme.name for phoneme in done.spoken.phonemes]),
            phoneme_times=np.array([(p.start, p.end) for p in done.spoken.phonemes]),
        )
    digest = hashlib.sha256(frames.tobytes() + samples.tobytes() + done.factors.tobytes())
    write_json(place / f"{plan.name}.json", row_of(plan, done, digest.hexdigest()))


def row_of(plan: ClipPlan, done: Performance, sha256: str) -> dict[str, object]:
    """Return the clip's row of the manifest."""
    return {
        "name": plan.name,
        "split": plan.split,
        "identity": person(plan.person).name,
        "person": plan.person,
        "speaker": plan.speaker,
        "sentence": plan.sentence,
        "text": done.spoken.text,
        "emotion": done.emotion,
        "num_frames": plan.num_frames,
        "fps": plan.fps,
        "seconds": plan.seconds,
        "image_px": plan.image_px,
        "frames": f"clips/{plan.name}.npy",
        "speech": f"clips/{plan.name}.wav",
        "truth": f"clips/{plan.name}.npz",
        "sha256": sha256,
        **framing_entry(plan.shows),
    }


def finished_row(plan: ClipPlan, folder: Path) -> dict[str, object] | None:
    """Return the row of a clip that is complete, or None where it must be made."""
    try:
        row = json.loads((folder / "clips" / f"{plan.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    files = [folder / str(row[name]) for name in ("frames", "speech", "truth")]
    return dict(row) if all(file.is_file() for file in files) else None


def open_clip(row: Mapping[str, object], folder: Path) -> Clip:
    """Return the clip of a row of the manifest; nothing is read yet."""
    fps = Fraction(int(str(row["fps"])))
    known = folder / str(row["truth"])
    num_frames = int(str(row["num_frames"]))
    framing = next(one for name, one in FRAMINGS.items() if name == row.get("shows", "face"))
    return Clip(
        name=str(row["name"]),
        frames=StoredFrames(folder / str(row["frames"]), num_frames, fps, framing),
        speech=StoredSpeech(folder / str(row["speech"]), float(str(row["seconds"]))),
        identity=str(row["identity"]),
        known={
            **known_of(
                person(int(str(row["person"]))),
                lambda: stored(known, "factors"),
                int(str(row["image_px"])),
                framing,
            ),
            "speech_segments": lambda: speech_segments(phonemes_in(known)),
        },
    )


def stored(path: Path, name: str) -> NDArray[np.float32]:
    """Return one array of a truth file.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return np.asarray(file[name], dtype=np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{path} cannot be read as the truth of a SynthTalk clip ({error}). "
            "Remove the file; the corpus makes it again."
        ) from error


def phonemes_in(path: Path) -> Sequence[TimedPhoneme]:
    """Return the phonemes of a truth file with their times."""
    times = stored(path, "phoneme_times")
    with np.load(path, allow_pickle=False) as file:
        names = [str(name) for name in file["phonemes"]]
    return [
        TimedPhoneme(name, float(start), float(end))
        for name, (start, end) in zip(names, times, strict=True)
    ]


def speech_segments(phonemes: Iterable[TimedPhoneme]) -> NDArray[np.float32]:
    """Return when somebody speaks, (N, 2) seconds: from one silence to the next.

    >>> told = [("_", 0.0, 0.25), ("a", 0.25, 0.5), ("m", 0.5, 0.75), ("_", 0.75, 1.0)]
    >>> speech_segments(TimedPhoneme(*one) for one in told).tolist()
    [[0.25, 0.75]]
    """
    segments: list[list[float]] = []
    was_silent = True
    for phoneme in phonemes:
        is_silent = phoneme.name == SILENCE
        if not is_silent and was_silent:
            segments.append([phoneme.start, phoneme.end])
        elif not is_silent:
            segments[-1][1] = phoneme.end
        was_silent = is_silent
    return np.array(segments, dtype=np.float32).reshape(-1, 2)


def known_of(
    identity: Identity, factors: Callable[[], Array], image_px: int, framing: Framing = CROP
) -> dict[str, Callable[[], NDArray[np.float32]]]:
    """Return what is known of frames, each computed from the factors (T, F) when asked for.

    `factors`, each group of them (`pose`, `lip`, `blink`, `gaze`, `emotion`), `landmarks`,
    `landmarks_3d`, `visible`, `rotation`, `translation`, `mouth_opening`, `mesh` (vertices), and
    `face_mask` and `mouth_mask` (T, H, W) in [0, 1].
    """

    def of_truth(name: str) -> Callable[[], NDArray[np.float32]]:
        return lambda: np.asarray(
            getattr(truth(identity, factors(), image_px, framing), name), dtype=np.float32
        )

    def of_group(group: str) -> Callable[[], NDArray[np.float32]]:
        columns = columns_of(group)[:3] if group == "pose" else columns_of(group)
        return lambda: np.asarray(factors()[:, columns], dtype=np.float32)

    def of_masks(
        draw: Callable[[Identity, Array, int, Framing], Iterable[Mask]],
    ) -> Callable[[], NDArray[np.float32]]:
        return lambda: np.asarray(
            np.stack(list(draw(identity, factors(), image_px, framing))) / 255, dtype=np.float32
        )

    return {
        "factors": lambda: np.asarray(factors(), dtype=np.float32),
        **{group: of_group(group) for group in FACTOR_GROUPS},
        "landmarks": lambda: np.asarray(
            truth(identity, factors(), image_px, framing).landmarks[..., :2], dtype=np.float32
        ),
        "landmarks_3d": of_truth("landmarks"),
        "visible": lambda: np.asarray(visible_landmarks(identity, factors()), dtype=np.float32),
        "rotation": of_truth("rotation"),
        "translation": of_truth("translation"),
        "mouth_opening": of_truth("mouth_opening"),
        "mesh": lambda: np.asarray(
            face_mesh(identity, factors(), image_px, framing).vertices, dtype=np.float32
        ),
        "face_mask": of_masks(face_masks),
        "mouth_mask": of_masks(mouth_masks),
    }


def sixteen_bit(waveform: Waveform) -> NDArray[np.int16]:
    """Return sound in [-1, 1] as whole numbers, as wav files hold it."""
    return np.rint(np.clip(waveform, -1, 1) * 32767).astype("<i2")
