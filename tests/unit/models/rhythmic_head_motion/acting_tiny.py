"""Mesh_Warp with networks of milliseconds."""

from dataclasses import replace

import torch

from talkingface.models.rhythmic_head_motion.config import ActingSizes, MeshWarpSettings
from talkingface.models.rhythmic_head_motion.mesh_warp import MeshWarp
from tests.unit.models.rhythmic_head_motion.people import talking_people

SIZES = ActingSizes(
    lips="learned",
    lip_channels=8,
    lip_components=6,
    head="learned",
    head_hearing="mel",
    head_channels=(2, 2),
    head_hidden=8,
    head_features=8,
    head_motion_hidden=8,
    head_history=13,
    head_future=8,
)


def settings(**changes: object) -> MeshWarpSettings:
    """Return settings of tiny networks."""
    names = ActingSizes.__dataclass_fields__
    sizes = {name: changes.pop(name) for name in list(changes) if name in names}
    few = {"network": replace(SIZES, **sizes), "lip_frames": 5}
    return MeshWarpSettings("Mesh_Warp", **(few | changes))  # type: ignore[arg-type]


def learner(**changes: object) -> MeshWarp:
    """Return a tiny model that is ready to learn from `talking_people`."""
    torch.manual_seed(0)
    model = MeshWarp(settings(**changes))
    model.start_training(talking_people(), {})
    return model


def by_rules(**changes: object) -> MeshWarp:
    """Return a model without any network."""
    return MeshWarp(MeshWarpSettings("Mesh_Warp", **changes)).eval()  # type: ignore[arg-type]
