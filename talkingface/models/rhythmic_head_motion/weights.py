"""The authors' names for weights, and ours.

`generator_weights` and `head_motion_weights` rename what a published file holds; they open no file.
What nothing in a frame depends on is left out: the maps of a previous frame (announced by the
authors, never supported), the picture embeddings below the levels that are composed, and the way
to the smallest matrix of weight generation.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from torch import Tensor

from talkingface.models.base import PublishedFile
from talkingface.models.rhythmic_head_motion.discriminator import NUM_JUDGING_LAYERS
from talkingface.nn import patch_discriminator, spectral_norm

# Applied in this order, each to what the ones before have made.
_GENERATOR_NAMES = (
    # the parts
    (r"^netG\.", r"few_shot."),
    (r"^warp\.flow_network_", r"flows."),
    (r"^img_(ref|ani)_embedding\.", r"embeddings.\1."),
    (r"^(flows|embeddings)\.ref\.", r"\1.reference."),
    # the encoder of the references
    (r"\.encoder\.conv1\.", r".encoder.image.first."),
    (r"\.encoder\.conv2\.", r".encoder.label.first."),
    (r"\.encoder\.ref_down_img_(\d)\.", r".encoder.image.down.\1."),
    (r"\.encoder\.ref_down_lmark_(\d)\.", r".encoder.label.down.\1."),
    (r"\.encoder\.fusion\.", r".encoder.fusion.joint."),
    (r"\.encoder\.fusion1\.", r".encoder.fusion.image."),
    (r"\.encoder\.fusion2\.", r".encoder.fusion.label."),
    (r"\.encoder\.atten1\.", r".encoder.fusion.image_summary."),
    (r"\.encoder\.atten2\.", r".encoder.fusion.label_summary."),
    (r"\.image_encoder\.conv1\.", r".encoder.image.first."),
    (r"\.image_encoder\.ref_down_(\d)\.", r".encoder.image.down.\1."),
    (r"\.lmark_encoder\.conv1\.", r".encoder.label.first."),
    (r"\.lmark_encoder\.ref_down_(\d)\.", r".encoder.label.down.\1."),
    # attention and generated weights
    (r"\.atten_gen\.atn_(query|key)_first\.", r".attention.\1.first."),
    (r"\.atten_gen\.atn_(query|key)_(\d)\.", r".attention.\1.down.\2."),
    *((rf"\.comb_encoder\.ref_img_up_{k + 1}\.", rf".correlation.image.{k}.") for k in range(4)),
    *((rf"\.comb_encoder\.ref_label_up_{k + 1}\.", rf".correlation.label.{k}.") for k in range(4)),
    (r"\.weight_gen\.fc_spade_([01])_(\d)\.", r".weight_generator.levels.\2.norm_\1."),
    (r"\.weight_gen\.fc_spade_s_(\d)\.", r".weight_generator.levels.\1.shortcut."),
    (r"\.weight_gen\.fc_spade_e_(\d)\.", r".weight_generator.levels.\1.embedding."),
    # embeddings of the label and of the warped pictures
    (r"(embedding|\.reference|\.ani)\.conv_first\.0\.", r"\1.first."),
    (r"(embedding|\.reference|\.ani)\.(down|up)_(\d)\.0\.", r"\1.\2.\3."),
    # the levels of the generator: modulations go by map, 1 (no number) the label, 2, 3
    (r"\.up_(\d)\.", r".blocks.\1."),
    (r"\.bn_([01])_0\.", r".norm_\1.each.label."),
    (r"\.bn_([01])_1\.mlp_(gamma|beta)\.", r".norm_\1.each.reference.mlp_\g<2>2."),
    (r"\.bn_([01])_2\.mlp_(gamma|beta)\.", r".norm_\1.each.ani.mlp_\g<2>3."),
    (r"\.bn_([01])_1\.", r".norm_\1.each.reference."),
    (r"\.bn_([01])_2\.", r".norm_\1.each.ani."),
    (r"\.mlp_gamma(\d?)\.", r".learned.\1.scale."),
    (r"\.mlp_beta(\d?)\.", r".learned.\1.shift."),
    (r"\.learned\.\.", r".learned.label."),
    (r"\.learned\.2\.", r".learned.reference."),
    (r"\.learned\.3\.", r".learned.ani."),
    (r"\.conv_img\.", r".to_image."),
    # the flow networks, whose published names count activations and enlargements too
    (r"\.down_flow\.0\.", r".down.first."),
    *((rf"\.down_flow\.{2 + 2 * k}\.", rf".down.down.{k}.") for k in range(3)),
    *((rf"\.up_flow\.{1 + 3 * k}\.", rf".up.{k}.") for k in range(3)),
    (r"(\.down\.first|\.down\.down\.\d|\.up\.\d)\.0\.", r"\1.conv."),
    (r"(\.down\.first|\.down\.down\.\d|\.up\.\d)\.1\.", r"\1.norm."),
    (r"\.res_flow\.", r".blocks."),
    (r"\.conv_flow\.0\.", r".to_flow."),
    (r"\.conv_w\.0\.", r".to_mask."),
    # blocks
    (r"\.bn_([01])\.", r".norm_\1."),
    (r"\.bn_s\.", r".shortcut.norm."),
    (r"\.conv_s\.", r".shortcut.conv."),
    (r"\.bn\.", r".norm."),
)

UNUSED_TENSORS = (
    "*.mlp_gamma4.*",  # modulation by the previous frame
    "*.mlp_beta4.*",
    "*.bn_[01]_3.*",  # its norms
    "*.ref_img_up_0.*",  # to a matrix from which nothing is generated
    "*.ref_label_up_0.*",
    "img_*_embedding.down_[1-9].*",  # embeddings that feed nothing
)

_HEAD_MOTION_NAMES = (
    (r"^encode\.l\.0\.", "motion_encoder.first."),
    (r"^encode\.l\.1\.", "motion_encoder.norm."),
    (r"^encode\.l\.3\.", "motion_encoder.second."),
    (r"^encode\.backend_conv1\.", "motion_encoder.over_time."),
    (r"^mid_net\.conv\.0\.", "speech_encoder.conv_0."),
    (r"^mid_net\.conv\.2\.", "speech_encoder.conv_1."),
    (r"^mid_net\.audio_l\.", "speech_encoder.over_time."),
    (r"^decode\.l\.", "decoder."),
    (r"\.over_time\.0\.", ".over_time.0.conv."),
    (r"\.over_time\.1\.", ".over_time.0.norm."),
    (r"\.over_time\.4\.", ".over_time.1.conv."),
    (r"\.over_time\.5\.", ".over_time.1.norm."),
)


def generator_weights(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a `Generator` from those of ``latest_net_G.pth``.

    >>> bias = Tensor([0.0])
    >>> list(generator_weights({"netG.encoder.atten1.conv.bias": bias}))
    ['few_shot.encoder.fusion.image_summary.conv.bias']
    """
    return {
        generator_name(name): tensor
        for name, tensor in published.items()
        if not any(fnmatchcase(name, pattern) for pattern in UNUSED_TENSORS)
    }


def discriminator_weights(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of the discriminator from those of ``latest_net_D.pth``."""
    return {
        patch_discriminator.own_name(name, NUM_JUDGING_LAYERS): tensor
        for name, tensor in published.items()
    }


def head_motion_weights(published: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of a `HeadMotion` from those of ``best_model.pth.tar``."""
    return {head_motion_name(name): tensor for name, tensor in published.items()}


def generator_name(published: str) -> str:
    """Return our name of a tensor of ``latest_net_G.pth`` within a `Generator`."""
    return spectral_norm.own_name(_renamed(published, _GENERATOR_NAMES))


def head_motion_name(published: str) -> str:
    """Return our name of a tensor of ``best_model.pth.tar`` within a `HeadMotion`."""
    return _renamed(published, _HEAD_MOTION_NAMES)


def _renamed(name: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


GENERATOR_FILE, HEAD_MOTION_FILE = "latest_net_G.pth", "best_model.pth.tar"
FILES: Mapping[str, PublishedFile] = {
    GENERATOR_FILE: PublishedFile("generator", generator_name, unused=UNUSED_TENSORS),
    HEAD_MOTION_FILE: PublishedFile("head", head_motion_name),
}
