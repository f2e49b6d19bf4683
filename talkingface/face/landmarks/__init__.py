"""Faces and their 68 points in pictures, by exchangeable back ends behind one interface."""

from talkingface.face.landmarks.choice import FaceChoice
from talkingface.face.landmarks.face import Box, Face
from talkingface.face.landmarks.finder import FaceFinder, back_end_names, open_finder
from talkingface.face.landmarks.track import (
    LandmarkTrack,
    MissingFace,
    find_face,
    follow_face,
    landmark_track,
)

__all__ = [
    "Box",
    "Face",
    "FaceChoice",
    "FaceFinder",
    "LandmarkTrack",
    "MissingFace",
    "back_end_names",
    "find_face",
    "follow_face",
    "landmark_track",
    "open_finder",
]
