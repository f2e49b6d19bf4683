"""The main job: prepare what is missing, train if asked to, generate and score."""

from talkingface.cli.call import Call
from talkingface.cli.evaluate import evaluate


def run_all(call: Call) -> int:
    """Prepare what is missing, train if `train` is true, then generate and score the split."""
    if not call.resolved.settings.train.enabled:
        return evaluate(call)
    from talkingface.cli.train import train, trained_by

    if not call.asked.model().makes_video:
        return train(call)  # it scores videos, and there is none of its own to score
    trained = trained_by(call)
    if trained.weights is None:
        return trained.stopped_by or 0
    return evaluate(call, weights=str(trained.weights))
