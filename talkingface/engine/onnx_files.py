"""Writes parts of a method as files of ONNX, each compared with torch before it takes its name."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface import __version__
from talkingface.errors import PluginError, RunError, UsageError
from talkingface.models.base import Export, TalkingFaceModel
from talkingface.storage.atomic import atomic_path, make_folder

LARGEST_DIFFERENCE = 1e-4  # of any number from torch's, as a share of the largest; float32
BATCHES = (1, 3)  # sizes at which both are compared; none is that of the examples
INSTALLATION = "pip install 'talkingface[export]', or pip install onnx onnxscript onnxruntime"


@dataclass(frozen=True)
class Written:
    """A part that was written."""

    name: str
    path: Path
    difference: float  # the largest from torch


class _Part(nn.Module):
    """What an export computes, as a module that holds no other tensors."""

    def __init__(self, export: Export) -> None:
        super().__init__()
        self.network = export.network
        self._compute = export.compute

    def forward(self, *inputs: Tensor) -> Any:  # noqa: ANN401  one tensor or several
        return self._compute(*inputs)


def write_onnx(
    model: TalkingFaceModel, folder: Path, about: Mapping[str, str]
) -> Iterator[Written]:
    """Write each part of a method that can be exported, and yield it. The batch is free.

    Args:
        model: with its weights as they were trained, on the CPU.
        folder: gets ``<part>.onnx``; nothing that is there is replaced.
        about: what each file says of itself, such as its weights.

    Raises:
        UsageError: The method has nothing to export.
        PluginError: A package that is needed is not installed.
        RunError: A file does not compute what torch does.
        StorageError: A file cannot be written, or is there already.
    """
    exports = model.eval().exports()
    if not exports:
        raise UsageError(f"{model.settings.name} has no parts that can be exported.")
    _check_packages()
    make_folder(folder)
    for name, export in exports.items():
        yield _written(name, export, folder / f"{name}.onnx", about)


def _written(name: str, export: Export, path: Path, about: Mapping[str, str]) -> Written:
    with atomic_path(path, overwrite=False) as temporary, torch.no_grad():
        with _quiet():
            program = torch.onnx.export(
                _Part(export).eval(),
                tuple(export.inputs.values()),
                input_names=list(export.inputs),
                output_names=list(export.outputs),
                dynamic_shapes=(tuple({0: torch.export.Dim("batch")} for _ in export.inputs),),
                dynamo=True,
                verbose=False,
            )
        assert program is not None
        said = {"made_by": f"talkingface {__version__}", "meaning": export.meaning, **about}
        program.model.metadata_props.update(said)
        program.save(str(temporary))
        difference = _difference(export, temporary)
        if difference > LARGEST_DIFFERENCE:
            raise RunError(
                f"{name} is not written: ONNX Runtime's result is {difference:.1e} from torch's, "
                f"and {LARGEST_DIFFERENCE:.0e} is allowed. Report this with your versions of both."
            )
    return Written(name, path, difference)


def _difference(export: Export, path: Path) -> float:
    """Return how far ONNX Runtime is from torch on drawn inputs of several batch sizes."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    random = torch.Generator().manual_seed(0)
    farthest = 0.0
    for batch in BATCHES:
        inputs = {
            name: torch.rand(batch, *one.shape[1:], generator=random) * 2 - 1
            for name, one in export.inputs.items()
        }
        wanted = export.compute(*inputs.values())
        named = {name: one.numpy() for name, one in inputs.items()}
        found: Sequence[NDArray[np.float32]] = session.run(list(export.outputs), named)
        for ours, theirs in zip(_each(wanted), found, strict=True):
            scale = max(1.0, float(ours.abs().max()))
            farthest = max(farthest, float(np.abs(ours.numpy() - theirs).max()) / scale)
    return farthest


def _each(result: Tensor | Sequence[Tensor]) -> Sequence[Tensor]:
    return (result,) if isinstance(result, Tensor) else tuple(result)


def _check_packages() -> None:
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise PluginError(
            f"Export needs {error.name}, which is not installed: {INSTALLATION}."
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep torch's exporter from telling of packages that it looks for and does not need."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
