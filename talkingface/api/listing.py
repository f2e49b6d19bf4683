"""What can be chosen by name, without importing any of it."""

from collections.abc import Iterable
from pathlib import Path

from talkingface.errors import UsageError, did_you_mean
from talkingface.job import CONTROL_NAMES
from talkingface.plugins import discover


def list_models(*, control: str | None = None, plugins: Iterable[str | Path] = ()) -> list[str]:
    """Return the names of the methods that make videos.

    >>> import talkingface
    >>> talkingface.list_models(control="gaze")
    ['PD_FGC']

    Args:
        control: only those that have it: lip, pose, blink, gaze or emotion.
        plugins: files with methods of your own.

    Raises:
        UsageError: There is no such control.
    """
    if control is not None and control not in CONTROL_NAMES:
        raise UsageError(
            f"There is no control {control!r}.{did_you_mean(control, CONTROL_NAMES)} "
            f"Known: {', '.join(CONTROL_NAMES)}."
        )
    models = discover(Path(one) for one in plugins).models
    return [
        spec.name
        for spec in models
        if spec.makes_video and (control is None or control in spec.controls)
    ]
