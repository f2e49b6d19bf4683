"""Draws the curves of a training. A logger that fails is left out; training goes on."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from talkingface.clip import Picture

logger = logging.getLogger(__name__)


class _Sink(Protocol):
    def numbers(self, step: int, values: Mapping[str, float]) -> None: ...

    def picture(self, step: int, name: str, picture: Picture) -> None: ...

    def close(self) -> None: ...


class Curves:
    """Sends numbers and pictures to TensorBoard or Weights & Biases, or nowhere."""

    def __init__(self, kind: Literal["tensorboard", "wandb", "none"], folder: Path) -> None:
        self._sink: _Sink | None = None
        if kind != "none":
            make = {"tensorboard": _TensorBoard, "wandb": _WeightsAndBiases}[kind]
            self._try(lambda: setattr(self, "_sink", make(folder)), kind)

    def numbers(self, step: int, values: Mapping[str, float]) -> None:
        """Add a point to each curve that `values` names."""
        if sink := self._sink:
            self._try(lambda: sink.numbers(step, values), "the curves")

    def picture(self, step: int, name: str, picture: Picture) -> None:
        """Show a picture (H, W, 3) at a step."""
        if sink := self._sink:
            self._try(lambda: sink.picture(step, name, picture), "the curves")

    def close(self) -> None:
        """Write out what is waiting."""
        if sink := self._sink:
            self._try(sink.close, "the curves")

    def _try(self, act: Callable[[], None], what: str) -> None:
        try:
            act()
        except Exception as error:
            self._sink = None
            logger.warning(
                "%s cannot be drawn (%s: %s); training goes on without. metrics.jsonl has the "
                "numbers.",
                what,
                type(error).__name__,
                error,
            )


class _TensorBoard:
    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard.writer import SummaryWriter

        self._writer: Any = SummaryWriter(str(folder))

    def numbers(self, step: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, step)

    def picture(self, step: int, name: str, picture: Picture) -> None:
        self._writer.add_image(name, picture, step, dataformats="HWC")

    def close(self) -> None:
        self._writer.close()


class _WeightsAndBiases:
    def __init__(self, folder: Path) -> None:
        import wandb

        self._wandb: Any = wandb
        self._run: Any = wandb.init(project="talkingface", dir=str(folder))

    def numbers(self, step: int, values: Mapping[str, float]) -> None:
        self._run.log(dict(values), step=step)

    def picture(self, step: int, name: str, picture: Picture) -> None:
        self._run.log({name: self._wandb.Image(picture)}, step=step)

    def close(self) -> None:
        self._run.finish()
