"""Which published file holds which network, and where its tensors belong in ours.

The authors publish four files. They were saved in training, so some may hold more than drawing
needs: what their own program leaves out is left out here too, and so is what nothing is computed
from, above all the generator's mapping network, 54 of 91 million numbers. A tensor that drawing
needs must be there, also where their program would take a random one in silence.
"""

from collections.abc import Mapping

from talkingface.models.base import PublishedFile
from talkingface.nn import face_alignment_network, style_generator

SCORES = ("fc.*", "*_fc.*")  # of classes, in training


def _motion_name(published: str) -> str:
    """Return our name of a tensor of the motion encoder."""
    first, dot, rest = published.partition(".")
    return first + dot + (face_alignment_network.own_name(rest) if first == "model" else rest)


FILES: Mapping[str, PublishedFile] = {
    "appearance_model.pth": PublishedFile(
        "network.appearance_encoder", unused=(*SCORES, "model.fc.*")
    ),
    "motion_model.pth": PublishedFile(
        "network.motion_encoder",
        _motion_name,
        unused=(*SCORES, "*classifier*", "*to_feature*", "*to_embed*"),
        may_hold_more=True,
    ),
    "audio_model.pth": PublishedFile(
        "network.speech_encoder",
        # the last four are what remains of an expression that was heard
        unused=(
            *SCORES,
            "model.layer4_exp*",
            "model.attention_exp*",
            "model.fc_exp*",
            "exp_embed*",
        ),
    ),
    "generator_model.pth": PublishedFile(
        "network.generator",
        unused=(*style_generator.UNUSED_TENSORS, "input.*"),
        may_hold_more=True,
    ),
}
