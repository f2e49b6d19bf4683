"""Reads a drawn face: points, pose, lips, eyes and mood, by one small network.

Trained on SynthTalk (`talkingface.data.reader_training`), for SynthTalk and what methods that were
trained on it generate. It knows nothing of photographs.
"""

from talkingface.face.reader.reader import (
    FaceReader,
    FaceReadings,
    open_network,
    open_reader,
    write_reader,
)

__all__ = ["FaceReader", "FaceReadings", "open_network", "open_reader", "write_reader"]
