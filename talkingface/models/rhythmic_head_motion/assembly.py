"""Builds the generator of Rhythmic_Head_Motion from its sizes."""

from talkingface.models.rhythmic_head_motion.few_shot import FewShotGenerator
from talkingface.models.rhythmic_head_motion.generator import Generator
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSizes
from talkingface.models.rhythmic_head_motion.spade import LABEL


def generator_of(sizes: RhythmicSizes) -> Generator:
    """Return a new generator of these sizes."""
    composed = sizes.warped if sizes.composition == "nonlinear" else ()
    few_shot = FewShotGenerator(
        sizes.channels,
        sizes.references,
        maps=(LABEL, *composed),
        num_adaptive_levels=sizes.adaptive_levels,
        num_attention_downsamplings=sizes.attention_level,
        embedding=sizes.embedding,
        attention=sizes.attention,
        quirks=sizes.quirks,
    )
    return Generator(
        few_shot,
        warped=sizes.warped,
        pictures=sizes.warping,
        flow_channels=sizes.flow_channels,
        num_flow_blocks=sizes.flow_blocks,
    )
