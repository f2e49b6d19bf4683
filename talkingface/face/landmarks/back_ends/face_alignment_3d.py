"""The face-alignment package, 3D: points with depth, as Rhythmic head motion uses them.

Points of the far cheek lie where they are, not on the contour that is seen.
"""

from talkingface.face.landmarks.back_ends.face_alignment import FaceAlignmentFinder, load_network

NAME = "face_alignment_3d"


def open_finder() -> FaceAlignmentFinder:
    """Return the finder of 3D points with its networks loaded."""
    return FaceAlignmentFinder(load_network("THREE_D"), NAME)
