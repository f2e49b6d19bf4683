"""SynthTalk: drawn people who talk, with every factor known. Nothing to download, no one's face.

    person -> Head (points that move) -> Sitting (one frame) -> painters -> picture
    sentence -> phonemes with times -> voice, lips;  loudness -> nods;  chance -> all else

`render` and `truth` answer for any person with any factors, `render_each` for batches;
`make_corpus` writes clips to disk, `pairs` makes driving jobs of them.
"""

from talkingface.data.synth.corpus import fingerprint, load_split, make_corpus
from talkingface.data.synth.drawn_person import draw_person
from talkingface.data.synth.driving import Pair, pairs
from talkingface.data.synth.factors import (
    FACTOR_GROUPS,
    FACTOR_NAMES,
    exchanged,
    factor_row,
    neutral_factors,
)
from talkingface.data.synth.ground_truth import Truth, truth
from talkingface.data.synth.identity import Identity, person, person_named
from talkingface.data.synth.recipe import SynthTalkSizes
from talkingface.data.synth.rendering import render, render_each, render_frames

__all__ = [
    "FACTOR_GROUPS",
    "FACTOR_NAMES",
    "Identity",
    "Pair",
    "SynthTalkSizes",
    "Truth",
    "draw_person",
    "exchanged",
    "factor_row",
    "fingerprint",
    "load_split",
    "make_corpus",
    "neutral_factors",
    "pairs",
    "person",
    "person_named",
    "render",
    "render_each",
    "render_frames",
    "truth",
]
