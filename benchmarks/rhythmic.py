"""What Rhythmic_Head_Motion does with people it never met: ``python -m benchmarks.rhythmic``.

Heads that move by speech alone are measured against SynthTalk's, whose nods follow the loudness.
Pictures in the true pose are compared with the truth, and so is the reference that was only moved
into place, by flows that learnt that alone: as a whole, and in a square around the mouth. The
mouth's distance and its baselines are what `evaluate` says. With ``--record`` the figures of all
clips are kept for the model's card.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from benchmarks.demo_quality import Numbers, built, correlation, mean_ssim, summary
from benchmarks.record import own_weights, record
from talkingface.clip import Clip
from talkingface.data.synth import SynthTalkSizes, load_split, make_corpus
from talkingface.face.points import MOUTH
from talkingface.face.pose.angles import angles_of
from talkingface.job import Control, Job
from talkingface.models.rhythmic_head_motion.drawing import Painter
from talkingface.models.rhythmic_head_motion.model import RhythmicHeadMotion
from talkingface.models.rhythmic_head_motion.placing import turns_to_front
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from talkingface.nn.pictures import to_pictures

Array = NDArray[np.float64]

MODEL = "Rhythmic_Head_Motion"
FPS, SAMPLE_RATE_HZ = 25, 16_000
MOUTH_SHARE = 0.25  # of the picture's side: what the square around a mouth takes
SWIFT, SLOW = 1.5, 10.0  # frames: between them lie the nods


def test_clips(model: RhythmicHeadMotion) -> Sequence[Clip]:
    """Return the clips of SynthTalk's test split, heads and shoulders in the size of a model."""
    size = model.settings.network.image_px
    corpus = Path(f"dataset/SynthTalk/test-{size}px-seed0-head")
    make_corpus(corpus, SynthTalkSizes(train=0, val=0), image_px=size, shows="head")
    return load_split(corpus, "test")


def numbers_of(model: RhythmicHeadMotion, clip: Clip) -> Numbers:
    """Return every figure of one clip."""
    assert clip.frames is not None
    assert clip.speech is not None
    true = clip.frames.read(0, len(clip.frames))
    job = Job(clip.name, (true[0],), clip.speech, {"pose": Control(clip)}, subject=clip)
    return {**moved(model, replace(job, controls={}), clip), **drawn(model, job, clip, true)}


def moved(model: RhythmicHeadMotion, job: Job, clip: Clip) -> Numbers:
    """Return how a head moves by speech, against how it did."""
    script = model.script(job, Sitter.of(job, model.settings))
    ours = angles_of(np.swapaxes(turns_to_front(script.motions), 1, 2))
    theirs = clip.truth("pose")
    assert theirs is not None
    heard = swings(loudness(job.speech.read(SAMPLE_RATE_HZ), len(theirs)))
    ours = ours[: len(theirs)]
    found: Numbers = {}
    for name, one in (("", ours), (", truth", theirs.astype(np.float64))):
        found[f"nods and loudness, r{name}"] = correlation(swings(one[:, 1]), heard)
        for index, angle in enumerate(("yaw", "pitch", "roll")):
            degrees = np.degrees(one[:, index])
            found[f"{angle}, range in degrees{name}"] = float(np.ptp(degrees))
            found[f"{angle}, degrees a frame{name}"] = float(np.abs(np.diff(degrees)).mean())
    return found


def drawn(model: RhythmicHeadMotion, job: Job, clip: Clip, true: NDArray[np.uint8]) -> Numbers:
    """Return how much pictures in the true pose look like the truth."""
    sitter = Sitter.of(job, model.settings)
    frames = list(Painter(model.generator, sitter, model.settings).drawn(model.script(job, sitter)))
    seen = {"SSIM": torch.cat([one.composed.image for one in frames])}
    for name in model.generator.warped:
        pictures = [one.composed.warped[name].picture for one in frames]
        seen[f"SSIM, {name} moved alone"] = torch.cat(pictures)
    made = {name: to_pictures(one)[: len(true)] for name, one in seen.items()}
    made["SSIM, portrait repeated"] = np.repeat(true[:1], len(true), axis=0)
    landmarks = clip.truth("landmarks")
    assert landmarks is not None
    mouths = around_mouths(true, landmarks)
    found = {name: mean_ssim(pictures, true) for name, pictures in made.items()}
    for name, pictures in made.items():
        at_mouth = around_mouths(pictures, landmarks)
        found[name.replace("SSIM", "mouth SSIM")] = mean_ssim(at_mouth, mouths)
    return found


def around_mouths(pictures: NDArray[np.uint8], landmarks: NDArray[Any]) -> NDArray[np.uint8]:
    """Cut squares (T, s, s, 3) out of pictures (T, S, S, 3), where the true mouth is."""
    size = pictures.shape[1]
    side = round(MOUTH_SHARE * size)
    corners = landmarks[: len(pictures), MOUTH].mean(axis=1) - side / 2
    places = np.clip(np.round(corners).astype(int), 0, size - side)
    return np.stack(
        [
            picture[y : y + side, x : x + side]
            for picture, (x, y) in zip(pictures, places, strict=True)
        ]
    )


def loudness(waveform: NDArray[np.float32], num_frames: int) -> Array:
    """Return how loud each frame is, (T,)."""
    length = SAMPLE_RATE_HZ // FPS
    whole = np.zeros(num_frames * length)
    whole[: len(waveform)] = waveform[: len(whole)]
    return np.asarray(np.sqrt((whole.reshape(num_frames, length) ** 2).mean(axis=1)))


def swings(series: Array) -> Array:
    """Return what of a series (T,) is neither slow nor jitter."""
    band: Array = gaussian_filter1d(series, SWIFT) - gaussian_filter1d(series, SLOW)
    return band


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", help="file of weights; none for the demo weights")
    parser.add_argument("--clips", type=int, default=24)
    parser.add_argument("--record", action="store_true", help="keep the figures for the card")
    words = parser.parse_args()
    model = built(MODEL, words.weights)
    assert isinstance(model, RhythmicHeadMotion)
    with torch.inference_mode():
        rows = [numbers_of(model, clip) for clip in test_clips(model)[: words.clips]]
    figures = {name: summary(np.array([row[name] for row in rows])) for name in rows[0]}
    print(f"{len(rows)} clips: mean, standard error, least, most")
    for name, values in figures.items():
        print(f"{name:40} " + " ".join(f"{value:9.3f}" for value in values.values()))
    if words.record and not words.weights:
        content = {"num_clips": len(rows), "figures": figures}
        print(record(MODEL, "python -m benchmarks.rhythmic", own_weights(MODEL), content))


if __name__ == "__main__":
    main()
