"""Keeps what is shown beside a generated video: each panel by itself, and all of them in a strip.

It is written while the video is generated. A panel that ends before the video stays on its last
picture; one that is longer is cut.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

from talkingface.clip import Picture, Speech
from talkingface.errors import DataError
from talkingface.media.image import write_picture
from talkingface.media.strip import Panel, Panels, joined, pictures_of
from talkingface.media.writer import GENERATED, open_writer
from talkingface.storage.atomic import make_folder, remove_strays

PANELS_FOLDER = "results"  # of a run; in it a folder for each video
GIVEN = "source of a generated video"  # the comment in files of pictures that nobody generated


def keeping_panels(
    generated: Iterable[Picture], panels: Panels, folder: Path, fps: Fraction, speech: Speech
) -> Iterator[Picture]:
    """Yield generated pictures, each after it was written beside what is shown with it.

    Args:
        generated: the pictures, (H, W, 3) each.
        panels: what stands beside them, and in which order.
        folder: gets the videos, silent, but for the strip that has the sound; and the pictures.
        fps: pictures a second.
        speech: what is heard.

    Raises:
        DataError: A panel has no pictures, or cannot be read.
        StorageError: A file cannot be written.
    """
    make_folder(folder)
    remove_strays(folder)  # of a run that was killed
    for name, picture in panels.pictures.items():
        write_picture(folder / f"{name}.jpg", picture)
    beside = {
        name: _lasting(panel, name) for name, panel in panels.shown.items() if panel is not None
    }
    with ExitStack() as files:
        writers = {
            name: files.enter_context(
                open_writer(
                    folder / f"{name}.mp4", fps, comment=GIVEN if name in beside else GENERATED
                )
            )
            for name in panels.shown
        }
        strip = files.enter_context(open_writer(folder / f"{panels.strip}.mp4", fps, speech))
        for picture in generated:
            shown = {
                name: next(beside[name]) if name in beside else picture for name in panels.shown
            }
            for name, writer in writers.items():
                writer.add(shown[name])
            strip.add(joined(list(shown.values()), len(picture)))
            yield picture


def _lasting(panel: Panel, name: str) -> Iterator[Picture]:
    """Yield the pictures of a panel, and the last one for ever."""
    last = None
    for last in pictures_of(panel):
        yield last
    if last is None:
        raise DataError(f"The panel {name} has no pictures. Leave it out.")
    while True:
        yield last
