"""What the generator learns from: references and a target of one clip, and what is moved to it.

Paper: arXiv:2007.08547, section 4. The optical flow that teaches is computed here, where data are
read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.models.base import Example, Preparation, Prepared
from talkingface.models.rhythmic_head_motion.acting_examples import ActingPreparation
from talkingface.models.rhythmic_head_motion.drawing import drawing, hidden_regions
from talkingface.models.rhythmic_head_motion.optical_flow import optical_flow
from talkingface.models.rhythmic_head_motion.references import Draw, draw
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from talkingface.models.rhythmic_head_motion.shots import Footage, Shot, bare
from talkingface.models.rhythmic_head_motion.training_crop import CropDraw, draw_crop
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT

Arrays = dict[str, NDArray[np.generic]]

MIRRORED_SHARE = 0.5  # of the examples


@dataclass(frozen=True)
class RhythmicPreparation(Preparation):
    """Keeps of a clip what acting needs, and what drawing needs, where either learns."""

    acting: ActingPreparation | None
    pictures: "PicturePreparation | None"

    def prepare(self, clip: Clip) -> Prepared:
        """Return what both keep of a clip."""
        return {type(one).__name__: one.prepare(clip) for one in self._parts}

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return an example for both, drawn from one clip."""
        merged: Arrays = {}
        for one in self._parts:
            merged |= one.example(prepared[type(one).__name__], chance)
        return merged

    @property
    def _parts(self) -> Iterator[Preparation]:
        return (one for one in (self.acting, self.pictures) if one is not None)


@dataclass(frozen=True)
class PicturePreparation(Preparation):
    """Keeps a clip's frames where they are, and the face in all of them.

    Args:
        settings: of the method.
        is_personal: whether one person is learnt, from a few frames that are references and targets
            alike.
    """

    settings: RhythmicSettings
    is_personal: bool = False

    def prepare(self, clip: Clip) -> Prepared:
        """Return what the clip shows."""
        return {"footage": Footage.of(clip, self.settings.landmarks)}

    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return references, a target, and the two pictures that are moved towards it."""
        footage: Footage = prepared["footage"]
        drawn = self._draw(footage, chance)
        changes = self.settings.augmentation == "crops_and_flips"
        cutting = draw_crop(chance) if changes else None
        # References, target and rendered face are cut by one draw, each around its own landmarks.
        of_references, of_target, of_ani = (
            self._crop(footage, points, cutting)
            for points in (
                footage.landmarks[drawn.references[0]],
                footage.landmarks[drawn.target],
                footage.ani_landmarks(drawn.target),
            )
        )
        target, rendered = footage.shot(drawn.target, of_target), footage.ani(drawn.target)
        ani = Shot(of_ani.cut(rendered), points_in(of_ani, footage.ani_landmarks(drawn.target)))
        references = [footage.shot(int(one), of_references) for one in drawn.references]
        example = self._arrays(
            references,
            drawn.references.tolist().index(drawn.warped),
            target,
            ani.covered(self.settings.hidden),
            bare(target, of_target.cut(rendered)).covered(self.settings.hidden),
        )
        is_mirrored = changes and chance.random() < MIRRORED_SHARE
        return {n: mirrored(n, one) for n, one in example.items()} if is_mirrored else example

    def _arrays(
        self, references: Sequence[Shot], moved: int, target: Shot, ani: Shot, bare_target: Shot
    ) -> Arrays:
        """Return an example; `moved` is the place of the reference that is moved."""
        warped = references[moved].covered(self.settings.hidden)
        shown = target.covered(self.settings.hidden)
        labels = [self._label(one) for one in references]
        return {
            "references": np.stack([one.picture for one in references]),
            "reference_labels": np.stack(labels),
            "warped": warped.picture,
            "warped_label": labels[moved],
            "warped_flow": optical_flow(shown.picture, warped.picture),
            "ani": ani.picture,
            "ani_label": self._label(ani),
            "ani_flow": optical_flow(bare_target.picture, ani.picture),
            "target": target.picture,
            "target_label": self._label(target),
            "shown_target": shown.picture,
            "bare_target": bare_target.picture,
            "eyes_and_mouth": hidden_regions(
                target.landmarks, self.settings.network.image_px, "eyes_and_mouth"
            ),
        }

    def _draw(self, footage: Footage, chance: np.random.Generator) -> Draw:
        number = self.settings.network.references
        if not self.is_personal:
            return draw(
                footage.motions,
                number,
                chance,
                reference_share=self.settings.reference_share,
                farthest_share=self.settings.farthest_share,
            )
        few = min(self.settings.personal_frames, len(footage.frames))
        references = chance.choice(few, number, replace=few < number)
        return Draw(references, int(chance.choice(references)), int(chance.integers(few)))

    def _crop(
        self, footage: Footage, points: NDArray[np.floating], cutting: CropDraw | None
    ) -> RectangleCrop:
        size = self.settings.network.image_px
        if cutting is not None:
            return cutting.around(points, size)
        return RectangleCrop(0, 0, footage.side_px, footage.side_px, size)

    def _label(self, shot: Shot) -> NDArray[np.uint8]:
        return drawing(shot.landmarks, self.settings.network)


def shrunk_for(phases: Sequence[str], settings: RhythmicSettings) -> RhythmicSettings:
    """Return the settings with the largest pictures that one of the phases has.

    Raises:
        ConfigError: The networks cannot halve such small pictures.
    """
    halvings = min(LEVELS_LEFT_OUT.get(one, 0) for one in phases)
    shrunk = settings.network.image_px // 2**halvings
    return replace(settings, network=replace(settings.network, image_px=shrunk))


def mirrored(name: str, array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return an array of an example, as it is in a mirror; drawings are mirrored as pictures."""
    if name.endswith("_flow"):  # (2, S, S), across and down
        return np.ascontiguousarray(array[..., ::-1] * np.array([[[-1]], [[1]]], np.float32))
    is_picture = array.shape[-1] == 3 and array.dtype == np.uint8
    return np.ascontiguousarray(np.flip(array, axis=-2 if is_picture else -1))
