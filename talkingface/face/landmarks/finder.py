"""What a back end for landmarks is, and where its name leads.

A back end is a module in the folder `back_ends`, found by being there. It has one function,
``open_finder()``, which returns a `FaceFinder` or says what must be installed. Whoever has a finder
of another kind passes the object itself to the functions of `track`.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from talkingface.clip import Picture
from talkingface.errors import PluginError, did_you_mean, normalized
from talkingface.face.landmarks import back_ends
from talkingface.face.landmarks.face import Face

DEFAULT_BACK_END = "dlib"


class FaceFinder(Protocol):
    """Finds the faces in a picture and the 68 points of each."""

    @property
    def name(self) -> str:
        """The name that results carry."""
        ...

    def find(self, picture: Picture) -> list[Face]:
        """Return every face in `picture` (H, W, 3), in any order; none is an empty list."""
        ...


def back_end_names() -> list[str]:
    """Return the names that `open_finder` knows, whether or not their packages are installed."""
    return sorted(module.name for module in iter_modules(back_ends.__path__))


def open_finder(name: str = DEFAULT_BACK_END) -> FaceFinder:
    """Return the back end called `name`, ready to work.

    Raises:
        PluginError: the name is unknown, or what the back end needs is not installed.
    """
    by_plain_name = {normalized(known): known for known in back_end_names()}
    if normalized(name) not in by_plain_name:
        raise PluginError(
            f"No landmark back end is called {name!r}.{did_you_mean(name, by_plain_name.values())} "
            f"There are: {', '.join(by_plain_name.values())}."
        )
    module = import_module(f"{back_ends.__name__}.{by_plain_name[normalized(name)]}")
    return cast(FaceFinder, module.open_finder())
