"""A portrait as a textured face in space, posed and drawn.

Sixty-eight landmarks carry a skin of some two thousand triangles (`skin`) and what lies between the
lips (`mouth`); the portrait is their texture (`portrait`), a z-buffer draws them (`canvas`).
"""

from talkingface.face.mesh.canvas import Canvas, Surface
from talkingface.face.mesh.portrait import PortraitMesh, posed_faces

__all__ = ["Canvas", "PortraitMesh", "Surface", "posed_faces"]
