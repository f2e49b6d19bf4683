"""What demo weights can do with people they never met: ``python -m benchmarks.demo_quality``.

For each clip of SynthTalk's test split three videos are made: from its own pose, from the pose of
another person's clip, and from its own pose with the speech of another clip. The reader that comes
with the toolkit says what is to be seen in them. It is not the one by which methods learn. With
``--record`` the figures of all clips are kept for the model's card.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.record import own_weights, record
from talkingface.clip import Clip
from talkingface.config.settings import Settings
from talkingface.data.synth import SynthTalkSizes, load_split, make_corpus
from talkingface.engine.build import build_model
from talkingface.engine.drawn_pictures import generated_pictures
from talkingface.face.points import MOUTH
from talkingface.face.reader import FaceReader, FaceReadings, open_reader
from talkingface.job import Control, Job
from talkingface.media import write_picture
from talkingface.metrics.cpbd import cpbd
from talkingface.metrics.gray import gray
from talkingface.metrics.ssim import ssim_gray
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover

CLOSED_PX, WIDE_PX = 0.8, 6.0  # of the true opening, in pictures of 112 px
DESCRIPTOR_PX = 14
PEOPLE_SHEET_ROWS = 6

Pictures = NDArray[np.uint8]  # (T, H, W, 3)
Numbers = dict[str, float]


@dataclass(frozen=True)
class Made:
    """The videos of one clip, and the clips that went into them."""

    clip: Clip
    driver: Clip  # who holds the head in `cross`
    true: Pictures
    own: Pictures
    cross: Pictures
    shuffled: Pictures


def made_of(model: TalkingFaceModel, clip: Clip, driver: Clip, other: Clip, controls: bool) -> Made:
    """Generate the three videos of a clip."""
    assert clip.frames is not None
    true = clip.frames.read(0, len(clip.frames))

    def video(speech: Clip, pose: Clip) -> Pictures:
        assert speech.speech is not None
        sources = {"pose": Control(pose)} if controls else {}
        job = Job(clip.name, (true[0],), speech.speech, sources)  # type: ignore[arg-type]
        return np.stack(list(generated_pictures(model, job)))

    return Made(clip, driver, true, video(clip, clip), video(clip, driver), video(other, clip))


def numbers_of(made: Made, reader: FaceReader) -> Numbers:
    """Return every figure of one clip."""
    count = min(len(made.true), len(made.own), len(made.cross))
    truth = _truth(made.clip, count)
    read = {name: reader.read(getattr(made, name)) for name in ("own", "cross", "shuffled")}
    still = np.repeat(made.true[:1], count, axis=0)
    short = min(count, len(made.shuffled))
    turned = to_and_fro(_truth(made.driver, None).pose, count)
    said = to_and_fro(_truth(made.driver, None).opening[:, None], count)[:, 0]
    return {
        "opening r, own pose": correlation(read["own"].mouth_opening[:count], truth.opening),
        "opening r, other's pose": correlation(read["cross"].mouth_opening[:count], truth.opening),
        "opening r, shuffled speech": correlation(
            read["shuffled"].mouth_opening[:short], truth.opening[:short]
        ),
        "opening r, pose video's lips": correlation(read["cross"].mouth_opening[:count], said),
        "opening r, pose video's lips, truth": correlation(truth.opening, said),
        "opening, spread": float(read["own"].mouth_opening[:count].std() / truth.opening.std()),
        "mouth LMD": mouth_distance(read["own"], truth),
        "mouth LMD, still": mouth_distance(reader.read(still), truth),
        "mouth LMD, reader": mouth_distance(reader.read(made.true[:count]), truth),
        **pose_errors("own", read["own"], truth.pose),
        **pose_errors("other's", read["cross"], turned),
        "SSIM": mean_ssim(made.own[:count], made.true),
        "SSIM, still": mean_ssim(still, made.true),
        "CPBD ratio": ratio(made.own[:count], made.true[:count], cpbd),
        "sharpness ratio": ratio(made.own[:count], made.true[:count], laplacian),
        **region_sharpness(made, truth.landmarks, count),
    }


@dataclass(frozen=True)
class Truth:
    """What is true of a clip's frames."""

    landmarks: NDArray[np.float32]  # (T, 68, 2) px
    opening: NDArray[np.float32]  # (T,) px
    pose: NDArray[np.float32]  # (T, 3) radians


def _truth(clip: Clip, count: int | None) -> Truth:
    values = [clip.truth(name) for name in ("landmarks", "mouth_opening", "pose")]
    points, opening, pose = (value[:count] for value in values if value is not None)
    return Truth(points[..., :2], opening.reshape(-1), pose)


def correlation(ours: NDArray[np.floating], theirs: NDArray[np.floating]) -> float:
    """Return Pearson's r."""
    return float(np.corrcoef(ours, theirs)[0, 1])


def to_and_fro(rows: NDArray[Any], count: int) -> NDArray[Any]:
    """Return rows to the end and back, until there are `count`."""
    turn, place = np.divmod(np.arange(count), len(rows))
    return rows[np.where(turn % 2 == 0, place, len(rows) - 1 - place)]


def mouth_distance(read: FaceReadings, truth: Truth) -> float:
    """Return the mean distance of the points of the mouth, moved to one middle, in px."""
    ours, theirs = read.landmarks[: len(truth.landmarks), MOUTH, :2], truth.landmarks[:, MOUTH]
    ours, theirs = (one - one.mean(axis=1, keepdims=True) for one in (ours, theirs))
    return float(np.linalg.norm(ours - theirs, axis=2).mean())


def pose_errors(name: str, read: FaceReadings, true: NDArray[np.floating]) -> Numbers:
    """Return the mean errors of the three angles in degrees."""
    errors = np.rad2deg(np.abs(read.pose[: len(true)] - true[: len(read.pose)]).mean(axis=0))
    return {
        f"{angle}, {name} pose": float(errors[i])
        for i, angle in enumerate(("yaw", "pitch", "roll"))
    }


def mean_ssim(ours: Pictures, theirs: Pictures) -> float:
    """Return the mean similarity in grey."""
    return float(np.mean([ssim_gray(a, b) for a, b in zip(ours, theirs, strict=False)]))


def laplacian(picture: NDArray[np.uint8]) -> float:
    """Return the energy of the second differences."""
    return float(np.square(cv2.Laplacian(gray(picture).astype(np.float32), cv2.CV_32F)).mean())


def ratio(
    ours: Pictures, theirs: Pictures, sharpness: Callable[[NDArray[np.uint8]], float]
) -> float:
    """Return how sharp our pictures are against theirs."""
    return float(
        np.mean([sharpness(one) for one in ours]) / np.mean([sharpness(one) for one in theirs])
    )


def region_sharpness(made: Made, points: NDArray[np.float32], count: int) -> Numbers:
    """Return the ratio of sharpness around the eyes and in the hair (what lies above the brows)."""
    size = made.true.shape[1]

    def cut(name: str, picture: Pictures, at: NDArray[np.float32]) -> Pictures:
        eyes, brows = at[36:48], at[17:27]
        if name == "eyes":
            low, high = eyes.min(axis=0) - 6, eyes.max(axis=0) + 6
        else:
            low, high = np.array([0, 0]), np.array([size, brows[:, 1].min() - 6])
        (left, top), (right, bottom) = np.clip([low, high], 0, size).astype(int)
        return picture[top : max(bottom, top + 8), left : max(right, left + 8)]

    found: Numbers = {}
    for name in ("eyes", "hair"):
        ours = [laplacian(cut(name, made.own[i], points[i])) for i in range(count)]
        theirs = [laplacian(cut(name, made.true[i], points[i])) for i in range(count)]
        found[f"sharpness ratio, {name}"] = float(np.mean(ours) / np.mean(theirs))
    return found


def closed_and_wide(all_made: Sequence[Made], reader: FaceReader) -> Numbers:
    """Return what generated lips do where the true ones are closed, and where they are wide."""
    ours, theirs = [], []
    for made in all_made:
        count = min(len(made.true), len(made.own))
        ours.append(reader.read(made.own[:count]).mouth_opening)
        theirs.append(_truth(made.clip, count).opening)
    read, true = np.concatenate(ours), np.concatenate(theirs)
    closed, wide = read[true < CLOSED_PX], read[true > WIDE_PX]
    return {
        "closed lips, median px": float(np.median(closed)),
        "closed lips, 90 % below px": float(np.quantile(closed, 0.9)),
        "wide lips, share of the truth": float(wide.mean() / true[true > WIDE_PX].mean()),
    }


def identity_kept(all_made: Sequence[Made]) -> Numbers:
    """Return how often a video in another's pose looks most like its own person among all people.

    The faces (without background) are shrunk to 14 x 14 px and averaged over the clip; the nearest
    of the true clips counts, where a clip itself is left out if its person has another one.
    """
    true = np.stack([descriptor(one.true) for one in all_made])
    names = [one.clip.identity for one in all_made]

    def rate(found: NDArray[np.float64]) -> float:
        right = 0
        for index, one in enumerate(found):
            distance = np.abs(true - one).mean(axis=1)
            if names.count(names[index]) > 1:
                distance[index] = np.inf
            right += names[int(distance.argmin())] == names[index]
        return right / len(found)

    generated = np.stack([descriptor(one.cross) for one in all_made])
    return {"identity found, other's pose": rate(generated), "identity found, truth": rate(true)}


def descriptor(pictures: Pictures) -> NDArray[np.float64]:
    """Return the mean colours of the middle of a clip's pictures, 14 x 14 x 3 numbers."""
    margin = pictures.shape[1] // 5
    inner = pictures[:, margin : -margin or None, margin : -margin or None]
    small = [
        cv2.resize(one, (DESCRIPTOR_PX, DESCRIPTOR_PX), interpolation=cv2.INTER_AREA)
        for one in inner
    ]
    return np.asarray(np.mean(small, axis=0, dtype=np.float64).reshape(-1))


def contact_sheet(all_made: Sequence[Made], moments: int = 8) -> NDArray[np.uint8]:
    """Return rows of truth, own pose and another's pose, for some people."""
    rows = []
    shown = all_made[:: max(1, len(all_made) // PEOPLE_SHEET_ROWS)][:PEOPLE_SHEET_ROWS]
    for made in shown:
        count = min(len(made.true), len(made.own), len(made.cross))
        places = np.linspace(0, count - 1, moments).astype(int)
        driver = made.driver.frames
        assert driver is not None
        pose = to_and_fro(driver.read(0, len(driver)), count)
        videos = (made.true, made.own, pose, made.cross)
        rows += [np.concatenate([one[place] for place in places], axis=1) for one in videos]
    return np.concatenate(rows)


def built(name: str, weights: str | None) -> TalkingFaceModel:
    """Return a method with its demo weights, or those of a file."""
    spec = discover().models.get(name)
    settings = replace(
        Settings(), model=spec.config(name=spec.name), evaluate_model_file=weights, device="cpu"
    )
    return build_model(spec, settings).model


def summary(values: NDArray[np.floating]) -> Numbers:
    """Return what is said of a figure over all clips."""
    return {
        "mean": float(values.mean()),
        "standard_error": float(values.std(ddof=1) / len(values) ** 0.5),
        "least": float(values.min()),
        "most": float(values.max()),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="PC_AVS")
    parser.add_argument("--weights", help="file of weights; none for the demo weights")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--sheet", type=Path, help="picture to write")
    parser.add_argument("--record", action="store_true", help="keep the figures for the card")
    words = parser.parse_args()
    corpus = Path("dataset/SynthTalk/test-112px-seed0")
    make_corpus(corpus, SynthTalkSizes(train=0, val=0))
    clips = load_split(corpus, "test")
    chosen = clips[:: max(1, len(clips) // words.clips)][: words.clips]
    spec = discover().models.get(words.model)
    model = built(words.model, words.weights)
    reader = open_reader()
    all_made = []
    for clip in chosen:
        # Two clips in a row are of one person, so three further is somebody else.
        driver, other = (clips[(clips.index(clip) + step) % len(clips)] for step in (3, 5))
        all_made.append(made_of(model, clip, driver, other, "pose" in spec.controls))
    rows = [numbers_of(made, reader) for made in all_made]
    of_clips = {name: summary(np.array([row[name] for row in rows])) for name in rows[0]}
    of_all = {
        "mouth LMD, share of the still portrait": of_clips["mouth LMD"]["mean"]
        / of_clips["mouth LMD, still"]["mean"],
        "SSIM above the still portrait": of_clips["SSIM"]["mean"] - of_clips["SSIM, still"]["mean"],
        **closed_and_wide(all_made, reader),
        **identity_kept(all_made),
    }
    print(f"{words.model}, {len(rows)} clips: mean, standard error, least, most")
    for name, values in of_clips.items():
        print(f"{name:40} " + " ".join(f"{value:9.3f}" for value in values.values()))
    for name, value in of_all.items():
        print(f"{name:40} {value:9.3f}")
    if words.sheet:
        write_picture(words.sheet, contact_sheet(all_made))
    if words.record and not words.weights:
        command = f"python -m benchmarks.demo_quality --model={words.model}"
        content = {"num_clips": len(rows), "figures": {**of_clips, **of_all}}
        print(record(words.model, command, own_weights(words.model), content))


if __name__ == "__main__":
    main()
