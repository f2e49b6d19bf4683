"""How much faster our scores are than the plain way: ``python -m benchmarks.metrics``.

Both ways run in turn in one process; the fastest of several rounds counts. Promised: SyncNet 1.7x
at a relative error of 1e-4, SSIM 4x scikit-image at 1e-6, CPBD 3x a plain port at 1e-9.
"""

import math
import time
from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from skimage.feature import canny
from skimage.metrics import structural_similarity

from talkingface.media.features.cepstrum import mfcc
from talkingface.media.features.windows import sync_windows
from talkingface.metrics.cpbd import cpbd
from talkingface.metrics.gray import gray
from talkingface.metrics.ssim import ssim
from talkingface.metrics.sync_embedding import SyncNetEmbedder
from talkingface.metrics.syncnet import SyncNet

Result = NDArray[np.floating]
NUM_FRAMES = 20
rng = np.random.default_rng(0)


def main() -> None:
    """Print one line for each score."""
    print(f"{torch.get_num_threads()} threads, best of the rounds, side by side")
    compare("SyncNet, 16 windows", sync_plain, sync_ours, rounds=3, promised=1.7, error=1e-4)
    compare("SSIM RGB, 224 px", ssim_plain, ssim_ours, rounds=20, promised=4, error=1e-6)
    compare("CPBD, 224 px", cpbd_plain, cpbd_ours, rounds=5, promised=3, error=1e-9)


def compare(
    name: str,
    plain: Callable[[], Result],
    ours: Callable[[], Result],
    *,
    rounds: int,
    promised: float,
    error: float,
) -> None:
    """Print how long each way takes, their ratio, and how far their results are apart."""
    seconds = {plain: math.inf, ours: math.inf}
    results = {}
    for _ in range(rounds):
        for way in (plain, ours):
            start = time.perf_counter()
            results[way] = way()
            seconds[way] = min(seconds[way], time.perf_counter() - start)
    apart = np.linalg.norm(results[ours] - results[plain]) / np.linalg.norm(results[plain])
    ratio = seconds[plain] / seconds[ours]
    verdict = "kept" if ratio >= promised and apart <= error else "BROKEN"
    print(
        f"{name:<20} plain {1e3 * seconds[plain]:8.1f} ms, ours {1e3 * seconds[ours]:7.1f} ms: "
        f"{ratio:5.1f}x (promised {promised:g}x), error {apart:.1e} (at most {error:g}): {verdict}"
    )


torch.manual_seed(0)
NETWORK = SyncNet().eval()
EMBEDDER = SyncNetEmbedder(NETWORK)
FRAMES = rng.integers(0, 256, (NUM_FRAMES, 224, 224, 3), dtype=np.uint8)
SAMPLES = rng.integers(-3000, 3000, NUM_FRAMES * 640).astype(np.int16)
NUM_WINDOWS = NUM_FRAMES - 4


@torch.inference_mode()
def sync_plain() -> Result:
    """Embed window after window with the network as published."""
    bgr = torch.from_numpy(FRAMES[..., ::-1].copy()).permute(3, 0, 1, 2)[None].float()
    heard = torch.from_numpy(sync_windows(mfcc(SAMPLES), NUM_WINDOWS))[:, None]
    features = [NETWORK.video(bgr[:, :, v : v + 5]) for v in range(NUM_WINDOWS)]
    features += [NETWORK.sound(heard[v : v + 1]) for v in range(NUM_WINDOWS)]
    return torch.cat(features).numpy()


def sync_ours() -> Result:
    """Embed all windows at once, without the third dimension."""
    return np.concatenate([EMBEDDER.video(FRAMES), EMBEDDER.sound(SAMPLES, NUM_WINDOWS)])


CLEAN = cv2.GaussianBlur(rng.integers(0, 256, (224, 224, 3), dtype=np.uint8), (0, 0), 1.5)
NOISY = np.clip(CLEAN + rng.normal(0, 15, CLEAN.shape), 0, 255).astype(np.uint8)


def ssim_plain() -> Result:
    """Score by scikit-image."""
    score = structural_similarity(
        CLEAN,
        NOISY,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        channel_axis=-1,
    )
    return np.array([score])


def ssim_ours() -> Result:
    """Score by the toolkit."""
    return np.array([ssim(CLEAN, NOISY)])


def cpbd_ours() -> Result:
    """Score by the toolkit."""
    return np.array([cpbd(NOISY)])


def cpbd_plain() -> Result:
    """Score as the metric is written down: each edge is walked pixel by pixel."""
    levels = gray(NOISY).astype(np.float64)
    height, width = levels.shape
    gradient = cv2.Sobel(levels, -1, 1, 0, scale=1 / 8, borderType=cv2.BORDER_REFLECT)
    strength = gradient * gradient
    strength[strength <= 2 * np.sqrt(strength.mean())] = 0
    around = np.pad(strength, 1)
    widths = np.zeros((height, width), int)
    down, across = np.gradient(levels)
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            s, near = strength[y, x], around[y : y + 3, x : x + 3]
            if (s > near[1, 0] and s > near[1, 2]) or (s > near[0, 1] and s > near[2, 1]):
                angle = math.degrees(math.atan2(down[y, x], across[y, x])) if across[y, x] else 0
                turn = abs(round(angle / 45))
                if turn in (0, 4):
                    widths[y, x] = walked_width(levels[y], x, sign=1 if turn == 0 else -1)
    edges = canny(levels, 1.0, low_threshold=0.1, high_threshold=0.2, mode="constant")
    percents = []
    for top in range(0, height - 63, 64):
        for left in range(0, width - 63, 64):
            block = slice(top, top + 64), slice(left, left + 64)
            if edges[block].sum() > 0.002 * 64**2:
                contrast = int(levels[block].max() - levels[block].min())
                unnoticed = 5 if contrast <= 50 else 3
                percents += [
                    round(100 * (1 - math.exp(-((edge / unnoticed) ** 3.6))))
                    for edge in widths[block][widths[block] > 0]
                ]
    return np.array([np.mean([percent <= 63 for percent in percents])])


def walked_width(row: NDArray[np.float64], x: int, sign: int) -> int:
    """Return the width of the edge at `x`; its levels rise to the right for sign 1."""
    total = 0
    for step in (-1, 1):
        inner, steps = x + step, 1
        while steps <= 100 and 0 <= inner + step < len(row):
            if sign * step * (row[inner + step] - row[inner]) <= 0:
                break
            inner, steps = inner + step, steps + 1
        total += steps
    return total


if __name__ == "__main__":
    main()
