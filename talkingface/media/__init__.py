"""Video, sound and pictures, to and from arrays. Everything runs in this process (PyAV, Pillow)."""

from talkingface.media.frames import open_frames
from talkingface.media.image import read_picture, write_picture
from talkingface.media.limits import MediaLimits
from talkingface.media.sound import SpeechArray, open_speech
from talkingface.media.strip import side_by_side
from talkingface.media.writer import write_video

__all__ = [
    "MediaLimits",
    "SpeechArray",
    "open_frames",
    "open_speech",
    "read_picture",
    "side_by_side",
    "write_picture",
    "write_video",
]
