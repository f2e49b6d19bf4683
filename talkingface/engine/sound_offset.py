"""By how many frames the sound of a clip is late, told by SyncNet where its weights are here."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from talkingface.clip import Frames, Speech
from talkingface.engine.build import published_files
from talkingface.metrics.base import ClipContext, Pair, View
from talkingface.metrics.lip_sync import FPS, SyncOffset
from talkingface.metrics.sync_embedding import SyncEmbedder, SyncNetEmbedder
from talkingface.storage.published import read_published

FRAMES_AT_ONCE = 32  # decoded together


@dataclass(frozen=True)
class SoundOffset:
    """Measures clips with the SyncNet in a file; other processes can be given it."""

    weights: Path

    def __call__(self, frames: Frames, speech: Speech) -> int | None:
        """Return by how many frames the sound is late; None where it cannot be told."""
        return frames_late(frames, speech, _embedder(self.weights))


def sound_offset() -> SoundOffset | None:
    """Return what measures clips with the published SyncNet, or None where it is not here."""
    found = published_files({"syncnet"})
    return SoundOffset(found["syncnet"]) if found else None


def frames_late(frames: Frames, speech: Speech, embedder: SyncEmbedder) -> int | None:
    """Return by how many frames the sound is late.

    None for a clip of fewer than 6 frames, or not of 25 a second: SyncNet knows no other.
    """
    if frames.fps != FPS:
        return None
    metric, clip = SyncOffset(embedder), ClipContext(fps=frames.fps, speech=speech)
    for start in range(0, len(frames), FRAMES_AT_ONCE):
        view = View(frames.read(start, min(start + FRAMES_AT_ONCE, len(frames))))
        metric.update(Pair(view, view, clip))
    score = metric.score()
    # A sound that is late is like the video of before; its score counts the other way.
    return None if score is None else -score.offset


@cache
def _embedder(weights: Path) -> SyncNetEmbedder:
    """Return the network, which each process loads once."""
    return SyncNetEmbedder.from_weights(read_published(weights))
