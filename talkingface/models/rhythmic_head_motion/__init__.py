"""Rhythmic head motion, whole; and what its stages make of a photograph without its generator."""

from talkingface.models.rhythmic_head_motion.config import MeshWarpSettings
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from talkingface.registry import ModelSpec

MODELS = (
    ModelSpec(
        "Rhythmic_Head_Motion",
        "Portraits speak; speech moves the head too, as people do, or a video does.",
        model="talkingface.models.rhythmic_head_motion.model:RhythmicHeadMotion",
        config=RhythmicSettings,
        controls=frozenset({"lip", "pose"}),
        angles=frozenset({"pose"}),
        paper="arXiv:2007.08547",
    ),
    ModelSpec(
        "Mesh_Warp",
        "Any photograph speaks: its own skin on a mesh that moves. Needs no weights.",
        model="talkingface.models.rhythmic_head_motion.mesh_warp:MeshWarp",
        config=MeshWarpSettings,
        controls=frozenset({"lip", "pose"}),
        angles=frozenset({"pose"}),
        paper="arXiv:2007.08547",
    ),
)
