"""Talking heads from a portrait and speech: many methods, one toolkit.

>>> import talkingface
>>> animator = talkingface.load("Mesh_Warp")
>>> clip = animator.animate("face.jpg", "speech.wav", pose=(5, 0, 0))
>>> path = clip.save("turned.mp4")

Each name below is imported when it is asked for: ``import talkingface`` alone imports no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talkingface.api.animator import Animator, load
    from talkingface.api.exporting import export
    from talkingface.api.generated_clip import GeneratedClip
    from talkingface.api.listing import list_models
    from talkingface.api.runs import evaluate, train
    from talkingface.api.stream import Stream
    from talkingface.clip import Clip
    from talkingface.errors import TalkingFaceError

__version__ = "0.1.0"

__all__ = [
    "Animator",
    "Clip",
    "GeneratedClip",
    "Stream",
    "TalkingFaceError",
    "__version__",
    "evaluate",
    "export",
    "list_models",
    "load",
    "train",
]

_HOMES = {
    "Animator": "talkingface.api.animator",
    "Clip": "talkingface.clip",
    "GeneratedClip": "talkingface.api.generated_clip",
    "Stream": "talkingface.api.stream",
    "TalkingFaceError": "talkingface.errors",
    "evaluate": "talkingface.api.runs",
    "export": "talkingface.api.exporting",
    "list_models": "talkingface.api.listing",
    "load": "talkingface.api.animator",
    "train": "talkingface.api.runs",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  what a name stands for is its home's matter
    """Import what is asked for by its name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_HOMES))
