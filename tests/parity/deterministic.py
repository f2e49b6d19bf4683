"""Weights that are the same on every machine, made from nothing but their names and shapes.

Parity with a published network needs no published weights: two programs that are given the same
weights and the same inputs must give the same outputs. A manifest is a JSON list of
``{"name", "shape", "dtype"}`` in the order of the published network's state. Everything is drawn
from NumPy's legacy `RandomState`, whose stream is frozen.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Row = dict[str, Any]


def normal(name: str, shape: Sequence[int], seed: int = 0) -> NDArray[np.float32]:
    """Return standard normal numbers that depend on the name, the shape and the seed alone.

    Numbers of a smaller shape are the first of those of a larger one.
    """
    stream = np.random.RandomState((zlib.crc32(name.encode()) + 7919 * seed) % 2**32)
    return stream.standard_normal(size=tuple(shape)).astype(np.float32)


def parameter(name: str, shape: Sequence[int], seed: int = 0) -> NDArray[np.float32]:
    """Return one parameter or buffer, scaled by the role that its name tells.

    Activations so stay bounded, whatever the depth.
    """
    leaf = name.rsplit(".", 1)[-1]
    draw = normal(name, shape, seed)
    if leaf == "running_var":
        return 1 + 0.1 * np.abs(draw)
    if leaf == "running_mean":
        return 0.1 * draw
    if len(shape) <= 1:
        return 1 + 0.1 * draw if leaf in ("weight", "weight_orig") else 0.1 * draw
    fan_in = int(np.prod(shape[1:]))
    return (draw / np.sqrt(max(fan_in, 1))).astype(np.float32)  # divided in float64


def fill(rows: Sequence[Row], seed: int = 0) -> dict[str, Tensor]:
    """Return the state for a manifest, in its order."""
    shapes = {row["name"]: row["shape"] for row in rows}
    state: dict[str, Tensor] = {}
    for name, shape in shapes.items():
        leaf = name.rsplit(".", 1)[-1]
        if leaf == "num_batches_tracked":
            state[name] = torch.zeros(shape, dtype=torch.int64)
        elif leaf not in ("weight_u", "weight_v"):
            state[name] = torch.from_numpy(np.asarray(parameter(name, shape, seed)))
    for name in shapes:
        if name.endswith(".weight_u"):
            stem = name.removesuffix("u")
            state |= _singular_vectors(stem, state[f"{stem}orig"], shapes[name][0], seed)
    return {name: state[name] for name in shapes}


def _singular_vectors(stem: str, weight: Tensor, length: int, seed: int) -> dict[str, Tensor]:
    """Return what spectral norm keeps beside a weight; `length` tells along which axis."""
    axis = 0 if weight.shape[0] == length else 1
    matrix = weight.transpose(0, axis).reshape(weight.shape[axis], -1)
    v = torch.from_numpy(normal(f"{stem}v", [matrix.shape[1]], seed))
    v = v / v.norm()
    u = matrix @ v
    return {f"{stem}u": u / u.norm(), f"{stem}v": v}


def read_manifest(path: Path, *, without: Iterable[str] = ()) -> list[Row]:
    """Return the rows of a manifest but those whose names match a pattern."""
    rows: list[Row] = json.loads(path.read_text())
    return [row for row in rows if not any(fnmatchcase(row["name"], p) for p in without)]


def narrowed(rows: Sequence[Row], patterns: Sequence[str], first: int) -> list[Row]:
    """Return the rows with the matching tensors cut to the `first` of their outputs."""

    def cut(row: Row) -> Row:
        matches = any(fnmatchcase(row["name"], pattern) for pattern in patterns)
        return row | {"shape": [first, *row["shape"][1:]]} if matches else row

    return [cut(row) for row in rows]


Normal = Callable[[str, Sequence[int]], NDArray[np.float32]]
