"""Measures whose networks this toolkit does not have; each says what it would need."""

from collections.abc import Callable
from typing import ClassVar, Self

from talkingface.metrics.base import Metric, MetricUnavailableError, Networks, Pair


class NotHere(Metric):
    """A measure that can be named but not made."""

    needs: ClassVar[str]
    instead: ClassVar[str] = "Give it as a plugin with --plugins, or leave it out."

    @classmethod
    def maker(cls, networks: Networks) -> Callable[[], Self]:
        """Say what is missing."""
        del networks
        raise MetricUnavailableError(
            f"{cls.__doc__} It needs {cls.needs}, which is not part of this toolkit. {cls.instead}"
        )

    def update(self, pair: Pair) -> None:
        """Never called: there is no maker."""
        raise NotImplementedError

    def compute(self) -> float:
        """Never called: there is no maker."""
        raise NotImplementedError


class Aesthetics(NotHere):
    """THEval's Global Aesthetics is topiq_iaa of pyiqa 0.1.13."""

    needs = "cfanet_iaa_ava_swin-393b41b4.pth and Swin-B of timm (non-commercial)"


class MouthQuality(NotHere):
    """THEval's Mouth Quality is musiq of pyiqa 0.1.13."""

    needs = "musiq_koniq_ckpt-e95806b9.pth (non-commercial)"


class FaceQuality(NotHere):
    """THEval's Face Quality is topiq_nr-face of pyiqa 0.1.13."""

    needs = "topiq_nr_gfiqa_res50-d76bf1ae.pth and RetinaFace-R50 of facexlib (non-commercial)"


class HeadMotion(NotHere):
    """THEval's Head Motion Dynamics has the poses of FaceXFormer in RetinaFace's boxes."""

    needs = "ckpts/model.pt of FaceXFormer and retinaface.h5"
    instead = "The stand-in, by poses read here, is head_motion_68."
