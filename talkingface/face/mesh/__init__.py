"""A portrait as a textured face in space, posed and drawn.

Sixty-eight landmarks carry a skin of some two thousand triangles (`skin`) and what lies between the
lips (`mouth`). The portrait is their texture (`portrait`) and a z-buffer draws them (`canvas`). A
whole photograph moves with its face (`photograph`): what is around it gives way (`surroundings`),
and what is between parted lips is shown (`lining`).
"""

from talkingface.face.mesh.canvas import Canvas, Surface
from talkingface.face.mesh.photograph import Photograph
from talkingface.face.mesh.portrait import PortraitMesh, posed_faces

__all__ = ["Canvas", "Photograph", "PortraitMesh", "Surface", "posed_faces"]
