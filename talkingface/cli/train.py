"""The verb `train`: from settings to weights, or on from where a run was stopped."""

from dataclasses import replace
from typing import TYPE_CHECKING

from talkingface.cli.call import Call

if TYPE_CHECKING:
    from talkingface.engine.training import Trained


def train(call: Call) -> int:
    """Train, and say where the weights lie."""
    from talkingface.engine.ranks import Ranks

    trained = trained_by(call)
    if trained.weights is not None and Ranks().is_first:
        best = (
            ""
            if trained.weights_step == trained.step
            else f" (the best: step {trained.weights_step})"
        )
        print(f"Trained for {trained.step} steps{best}.\nWeights: {trained.weights}")
    return trained.stopped_by or 0


def trained_by(call: Call) -> "Trained":
    """Train as a call says, and return what came of it."""
    from talkingface.engine.carry_out import train as carry_out

    return carry_out(replace(call.asked, resumed=call.resumed))
