"""Parts of a method for other programs."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from talkingface.api.asking import PathLike, asked
from talkingface.engine.carry_out import export as carry_out


def export(
    model: str,
    folder: PathLike,
    *,
    weights: PathLike | None = None,
    settings: Mapping[str, Any] | None = None,
    config_files: Iterable[PathLike] = (),
    plugins: Iterable[PathLike] = (),
) -> list[Path]:
    """Write the networks of a method as files of ONNX, compared with torch, and return them.

    >>> import talkingface
    >>> [path.name for path in talkingface.export("Loud_Mouth", "onnx")]
    ['open_mouth.onnx']

    Args:
        model: its name in `list_models`.
        folder: gets the files; nothing that is there is replaced.
        weights: as for `load`.
        settings: others by key.
        config_files: settings files.
        plugins: files with methods of your own.

    Raises:
        TalkingFaceError: The method has nothing to export, or something that is needed is missing.
    """
    said = {"model": model, "evaluate_model_file": weights, **(settings or {})}
    wanted = asked("export", said, config_files, plugins)
    return [written.path for written in carry_out(wanted, Path(folder))]
