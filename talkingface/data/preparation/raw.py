"""Finds raw material: videos, pictures, and folders of frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from talkingface.data.files import VIDEO_SUFFIXES
from talkingface.errors import DataError
from talkingface.media.image import PICTURE_SUFFIXES


@dataclass(frozen=True)
class Raw:
    """One piece of raw material, and the name of what is made of it."""

    name: str
    path: Path


def raw_at(path: str | None) -> Raw | None:
    """Return the one clip, picture or sound that a user gives for a role, if any."""
    if path is None:
        return None
    given = Path(path)
    return Raw(given.resolve().name if given.is_dir() else given.stem, given)


def find_raw(path: Path) -> list[Raw]:
    """Return the clips that `path` means, in the order of their names.

    A file is one clip, and so is a folder that holds pictures. Any other folder is searched, with
    all below it, for videos and for folders of pictures; their names then say where they were
    found: ``id1/talk/001.mp4`` becomes ``id1_talk_001``.

    Raises:
        DataError: there is nothing, or two clips would have one name.
    """
    if not path.exists():
        raise DataError(f"{path} does not exist. Check the path.")
    if not path.is_dir():
        return [Raw(path.stem, path)]
    if pictures_in(path):
        return [Raw(path.resolve().name, path)]
    found = [Raw(_name(one, path), one) for one in sorted(_below(path))]
    if not found:
        raise DataError(
            f"{path} holds neither videos ({', '.join(VIDEO_SUFFIXES[:5])}, ...) nor folders of "
            "pictures. Give a folder that does, or a file."
        )
    by_name: dict[str, Path] = {}
    for one in found:
        other = by_name.setdefault(one.name, one.path)
        if other != one.path:
            raise DataError(f"{other} and {one.path} would both be {one.name!r}. Rename one.")
    return found


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures that lie in a folder, in the order of their names."""
    return sorted(one for one in folder.iterdir() if is_picture(one) and one.name[0] != ".")


def is_picture(path: Path) -> bool:
    """Return whether a file's name says that it is a picture."""
    return path.suffix.lower() in PICTURE_SUFFIXES


def is_video(path: Path) -> bool:
    """Return whether a file's name says that it is a video."""
    return path.suffix.lower() in VIDEO_SUFFIXES


def _below(folder: Path) -> Iterator[Path]:
    for one in folder.iterdir():
        if one.name.startswith("."):
            continue
        if one.is_dir():
            yield from [one] if pictures_in(one) else _below(one)
        elif is_video(one):
            yield one


def _name(path: Path, root: Path) -> str:
    relative = path.relative_to(root)
    return "_".join([*relative.parts[:-1], relative.name if path.is_dir() else relative.stem])
