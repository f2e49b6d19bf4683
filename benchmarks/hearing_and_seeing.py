"""Speed of speech features and of faces: ``python -m benchmarks.hearing_and_seeing``.

Prints the seconds that a minute of speech takes, the first call and the best of five, and the
milliseconds that a picture takes to be searched for a face, cropped, pasted back and drawn.
"""

import time
from collections.abc import Callable

import numpy as np

from talkingface.face.align.level_eyes import level_eye_crops
from talkingface.face.label_map import label_map
from talkingface.face.landmarks import open_finder
from talkingface.face.paste import paste_back
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.head_pose import head_pose
from talkingface.media.features.cepstrum import mfcc, sixteen_bit
from talkingface.media.features.mel import mel_spectrogram

WANTED_MEL_SECONDS = 0.5
REPEATS = 5


def seconds_of(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long the first call takes, and the best of the next five."""
    times = []
    for _ in range(1 + REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times[0], min(times[1:])


def main() -> None:
    """Measure and print."""
    rng = np.random.default_rng(0)
    minute = (0.1 * rng.standard_normal(60 * 16_000)).astype(np.float32)
    frame = rng.integers(0, 256, (1080, 1920, 3)).astype(np.uint8)
    small = np.ascontiguousarray(frame[:224, :224])
    points = CANONICAL_FACE[None, :, :2]
    (crop,) = level_eye_crops(4 * points)
    view, finder = crop.cut(frame), open_finder()

    print(f"{'':28} {'first':>9} {'best of 5':>9}")
    for name, work in {
        "mel of 60 s": lambda: mel_spectrogram(minute),
        "cepstra of 60 s": lambda: mfcc(sixteen_bit(minute)),
        "no face in 224 x 224": lambda: finder.find(small),
        "crop from 1920 x 1080": lambda: crop.cut(frame),
        "paste into 1920 x 1080": lambda: paste_back(view, crop, frame),
        "label map": lambda: label_map(CANONICAL_FACE, (256, 256)),
        "pose of 1000 faces": lambda: head_pose(np.repeat(points, 1000, axis=0)),
    }.items():
        first, best = seconds_of(work)
        note = f"   wanted {WANTED_MEL_SECONDS:.1f} s" if name.startswith("mel") else ""
        print(f"{name:28} {1000 * first:6.1f} ms {1000 * best:6.1f} ms{note}")


if __name__ == "__main__":
    main()
