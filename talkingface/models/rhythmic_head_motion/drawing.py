"""How acting becomes frames: drawings of landmarks, what is moved into place, and the generator.

Paper: arXiv:2007.08547, sections 3.3 and 3.4. What depends on the references is computed once; the
rest a few frames at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Picture
from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.face.label_map import label_map
from talkingface.face.mesh import Canvas, PortraitMesh
from talkingface.face.pose.rigid import posed
from talkingface.face.regions import eye_and_mouth_mask
from talkingface.models.rhythmic_head_motion.covering import hidden
from talkingface.models.rhythmic_head_motion.flow import PUBLISHED_PX
from talkingface.models.rhythmic_head_motion.generator import (
    Composed,
    Generator,
    Source,
    SourceName,
)
from talkingface.models.rhythmic_head_motion.references import nearest_reference
from talkingface.models.rhythmic_head_motion.rhythmic_config import (
    Hidden,
    RhythmicSettings,
    RhythmicSizes,
)
from talkingface.models.rhythmic_head_motion.script import Script
from talkingface.models.rhythmic_head_motion.sitting import Reference, Sitter, bicubic
from talkingface.nn.pictures import to_frames
from talkingface.nn.windows import windows

Array = NDArray[np.float64]
Label = NDArray[np.uint8]  # (S, S)
Region = NDArray[np.bool_]  # (S, S)


@dataclass(frozen=True)
class Drawn:
    """Some frames, and the drawings that they follow."""

    composed: Composed
    label: Tensor  # (T, 1, S, S) in [0, 1]


class Painter:
    """Draws the frames of one video.

    Args:
        generator: paints and composes.
        sitter: who is drawn.
        settings: of the method.
    """

    def __init__(self, generator: Generator, sitter: Sitter, settings: RhythmicSettings) -> None:
        self._generator, self._settings = generator, settings
        self._size = settings.network.image_px
        self._device = next(generator.parameters()).device
        pictures = to_frames(np.stack([one.picture for one in sitter.references]))
        labels = self._labels([one.landmarks for one in sitter.references])
        self._features = generator.encode_references(pictures[None].to(self._device), labels[None])
        self._motions = sitter.motions
        self._mesh = PortraitMesh.of(sitter.key.picture, sitter.key.landmarks)
        covered = [_covered(one, settings.hidden) for one in sitter.references]
        self._references = Source(labels, torch.stack(covered).to(self._device))

    def drawn(self, script: Script, *, with_raw: bool = False) -> Iterator[Drawn]:
        """Yield the frames of a script, a few at a time."""
        all_frames, at_once = range(len(script.landmarks)), self._settings.frames_at_once
        for frames in windows(all_frames, self._size, self._device, at_once):
            label = self._labels(script.landmarks[frames.start : frames.stop])
            sources = {name: self._source(name, script, frames) for name in self._generator.warped}
            composed = self._generator.compose(self._features, label, sources, with_raw=with_raw)
            yield Drawn(composed, label)

    def _source(self, name: SourceName, script: Script, frames: range) -> Source:
        """Return what is moved into place at some frames."""
        motions = script.motions[frames.start : frames.stop]
        if name == "reference":
            places = [nearest_reference(self._motions, one) for one in motions]
            return Source(self._references.label[places], self._references.picture[places])
        points = posed(script.ani_front[None], motions)
        rendered = zip(self._rendered(script, frames), points, strict=True)
        covered = [_covered(Reference(*one), self._settings.hidden) for one in rendered]
        return Source(self._labels(points), torch.stack(covered).to(self._device))

    def _rendered(self, script: Script, frames: range) -> Iterator[Picture]:
        """Yield the rendered face of each frame: as it is given, or drawn."""
        given = script.ani_frames
        for frame in frames:
            if given is None:
                canvas = Canvas(self._size, self._size)
                self._mesh.draw(canvas, self._mesh.front, script.motions[frame])
                yield canvas.picture
            else:
                place = min(frame, len(given) - 1)  # the last one stays
                yield bicubic(given.read(place, place + 1)[0], self._size)

    def _labels(self, landmarks: Sequence[Array] | Array) -> Tensor:
        """Return drawings (T, 1, S, S) in [0, 1] of landmarks in the network's pictures."""
        drawn = np.stack([drawing(one, self._settings.network) for one in landmarks])
        return torch.from_numpy(drawn)[:, None].to(self._device).float() / 255


def drawing(landmarks: NDArray[np.floating], sizes: RhythmicSizes) -> Label:
    """Return landmarks (68, 2 or 3) in the network's pictures as the drawing that it sees.

    It is always made at the published size: in small pictures lines two pixels wide would close an
    open mouth, where shrunk ones are grey by as much as it is open.
    """
    size = sizes.image_px
    to_published = RectangleCrop(0, 0, size, size, PUBLISHED_PX)
    return label_map(
        points_in(to_published, landmarks),
        (PUBLISHED_PX, PUBLISHED_PX),
        size,
        upper_face=sizes.upper_face,
        exact=sizes.quirks == "mended",
    )


def hidden_regions(landmarks: NDArray[np.floating], size: int, what: Hidden) -> Region:
    """Return what is covered of a picture (S, S) in which a face has landmarks (68, 2 or 3).

    Margins are those of pictures of 256 px.
    """
    if what == "nothing":
        return np.zeros((size, size), dtype=np.bool_)
    published = landmarks * (PUBLISHED_PX / size)
    with_brows = what == "eyes_brows_and_mouth"
    mask = eye_and_mouth_mask(published, PUBLISHED_PX, with_brows=with_brows)
    if size == PUBLISHED_PX:
        return mask
    shrunk = cv2.resize(mask.astype(np.uint8), (size, size), interpolation=cv2.INTER_NEAREST)
    return np.asarray(shrunk > 0)


def _covered(reference: Reference, what: Hidden) -> Tensor:
    """Return a picture (3, S, S) in [-1, 1] of which some regions are covered."""
    (frame,) = to_frames(reference.picture[None]).numpy()
    return torch.from_numpy(
        hidden(frame, hidden_regions(reference.landmarks, reference.size, what))
    )
