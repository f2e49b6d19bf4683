"""PC-AVS's published files, narrow enough to be made in a moment, under the authors' names."""

import zipfile
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from talkingface.models.base import PublishedWeights
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from talkingface.models.pc_avs.weights import PC_AVS
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pc_avs.published_numbers import manifest

NARROW = PublishedWeights(
    PC_AVS,
    PCAVSSizes(  # as deep as published: names are the same
        image_px=64,
        identity_channels=4,
        identity_groups=4,
        identity_group_width=4,
        speech_channels=8,
        motion_channels=4,
        features=16,
        mouth_width=20,
        generator_channels=(8, 8, 8, 8, 4, 4),
    ),
)
NARROWEST = 3  # side of what our networks have not


@cache  # drawing them takes longer than using them
def narrow_files() -> dict[str, dict[str, Tensor]]:
    """Return what each file holds, by the names of the published one."""
    model = PCAVS(PCAVSSettings("PC_AVS", network=NARROW.sizes))
    files = {}
    for name, file in NARROW.files.items():
        own = model.get_submodule(file.network).state_dict()
        rows = read_manifest(manifest(name))
        for row in rows:
            known = own.get(file.own_name(row["name"]))
            row["shape"] = [NARROWEST] * len(row["shape"]) if known is None else list(known.shape)
        files[name] = fill(rows)
    return files


def write_files(folder: Path, files: dict[str, dict[str, Tensor]]) -> None:
    """Write each file as the authors do; those of 2021 may be of the format before PyTorch 1.6."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, tensors) in enumerate(files.items()):
        torch.save(tensors, folder / name, _use_new_zipfile_serialization=number > 0)


def write_zip(path: Path, folder: Path) -> None:
    """Pack the files of `folder` as demo.zip has them."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"demo/{file.name}")
