"""The verb `sync`: by how many frames sound and lips of videos are apart, and how well they fit."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from talkingface.cli.call import Call
from talkingface.config.fields import ranged
from talkingface.errors import CheckpointError, DataError, RunError, TalkingFaceError, UsageError

if TYPE_CHECKING:
    from talkingface.metrics.lip_sync import SyncScore
    from talkingface.metrics.sync_embedding import SyncNetEmbedder

logger = logging.getLogger(__name__)

NAMES = {  # of the scores, by who gives them
    "published": ("LSE-D", "LSE-C", "offset"),
    "demo": ("sync_demo_distance", "sync_demo_confidence", "sync_demo_offset"),
}


@dataclass(frozen=True)
class SyncOptions:
    """What is looked at, and by which network."""

    way: Literal["track", "frame"] = "track"
    """The two ways of Wav2Lip's scripts: track follows each face at 25 frames a second and scores
    it alone; frame squeezes whole frames of any rate, for videos that show a face and no more."""

    network: str = "published"
    """SyncNet that looks: published, demo (for drawn faces), or a file that `train` has made."""

    landmarks: str = "dlib"
    """Back end that finds the faces which are followed; synthtalk finds drawn ones."""

    min_frames: int = ranged(101, minimum=6)
    """Frames in which a face must be found to be scored; 101 as published, others take 50."""


def sync(call: Call) -> int:
    """Print a line for each face that is followed, or for each video.

    Raises:
        RunError: Some of the videos could not be scored.
    """
    options = call.options()
    assert isinstance(options, SyncOptions)
    if not call.arguments.words:
        raise UsageError("Name at least one video: sync VIDEO ...")
    embedder = _embedder(options.network)
    failed = []
    for word in call.arguments.words:
        try:
            for line in _lines(Path(word), options, embedder):
                print(line)
        except TalkingFaceError as error:
            if len(call.arguments.words) == 1:
                raise
            failed.append(word)
            logger.warning("%s could not be scored: %s", word, error)
    if failed:
        raise RunError(f"{', '.join(failed)} could not be scored; the reasons stand above.")
    return 0


def _embedder(network: str) -> "SyncNetEmbedder":
    from talkingface.engine.build import published_files
    from talkingface.metrics.sync_demo import own_embedder
    from talkingface.metrics.sync_embedding import SyncNetEmbedder
    from talkingface.storage.published import read_published

    if network == "demo":
        return own_embedder()
    if network != "published":
        return own_embedder(file=Path(network))
    found = published_files({"syncnet"})
    if not found:
        raise CheckpointError(
            "The published SyncNet is not here. Get it with: download syncnet. For drawn faces "
            "write --network=demo."
        )
    return SyncNetEmbedder.from_weights(read_published(found["syncnet"]))


def _lines(video: Path, options: SyncOptions, embedder: "SyncNetEmbedder") -> Iterator[str]:
    """Yield what is found in a video, face by face.

    Raises:
        DataError: It cannot be read, or nothing in it can be scored.
    """
    from talkingface.face.align.sync_tracks import TrackRule
    from talkingface.face.landmarks.finder import open_finder
    from talkingface.media.frames import open_frames
    from talkingface.media.sound import open_speech
    from talkingface.metrics.lip_sync import FPS
    from talkingface.metrics.sync_video import score_tracks, score_whole_frames

    speech = open_speech(video)
    if options.way == "frame":
        whole = score_whole_frames(open_frames(video), speech, embedder)
        if whole is None:
            raise DataError(f"{video} has fewer than 6 frames with sound, and SyncNet needs them.")
        yield _line(f"{video}:", whole, options.network)
        return
    frames, rule = open_frames(video, FPS), TrackRule(min_boxes=options.min_frames)
    tracks = score_tracks(frames, speech, embedder, open_finder(options.landmarks), rule)
    if not tracks:
        raise DataError(
            f"{video} shows no face of {rule.min_side_px:.0f} px or more in {rule.min_boxes} "
            "frames of one shot. Lower --min_frames, or write --way=frame where it shows a face "
            "and no more."
        )
    for track in tracks:
        last = track.first_frame + track.num_frames - 1
        where = f"{video}, frames {track.first_frame} to {last}:"
        yield _line(where, track.score, options.network)


def _line(where: str, score: "SyncScore", network: str) -> str:
    distance, confidence, offset = NAMES.get(network, ("distance", "confidence", "offset"))
    meaning = "in time"
    if score.is_at_the_edge:
        meaning = "the furthest that is tried: they do not fit, or fit beyond it"
    elif score.offset:
        meaning = f"the sound is {'early' if score.offset > 0 else 'late'}"
    return (
        f"{where} {distance} {score.distance:.3f}, {confidence} {score.confidence:.3f}, "
        f"{offset} {score.offset:+d} frames, {meaning}"
    )
