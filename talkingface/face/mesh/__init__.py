"""A portrait as a textured face in space, posed and drawn.

Sixty-eight landmarks carry a skin of some two thousand triangles (`skin`) and what lies between the
lips (`mouth`). The portrait is their texture (`portrait`), a z-buffer draws them (`canvas`), and
what is around the face gives way to it (`surroundings`).
"""

from talkingface.face.mesh.canvas import Canvas, Surface
from talkingface.face.mesh.portrait import PortraitMesh, posed_faces
from talkingface.face.mesh.surroundings import Surroundings

__all__ = ["Canvas", "PortraitMesh", "Surface", "Surroundings", "posed_faces"]
