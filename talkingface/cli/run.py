"""The main job: prepare what is missing, train if asked to, generate and score."""

from talkingface.cli.call import Call
from talkingface.cli.evaluate import evaluate
from talkingface.errors import UsageError


def run_all(call: Call) -> int:
    """Prepare what is missing, train if `train` is true, then generate and score the split.

    Raises:
        UsageError: Several methods are to be trained.
    """
    calls = call.of_each_model()
    if not any(one.resolved.settings.train.enabled for one in calls):
        return evaluate(call)
    if len(calls) > 1:
        raise UsageError(
            "Methods are trained one by one; several are only scored together. Name one, or leave "
            "--train out."
        )
    from talkingface.cli.train import train, trained_by

    if not call.asked.model().makes_video:
        return train(call)  # it scores videos, and there is none of its own to score
    trained = trained_by(call)
    if trained.weights is None:
        return trained.stopped_by or 0
    return evaluate(call, weights=str(trained.weights))
