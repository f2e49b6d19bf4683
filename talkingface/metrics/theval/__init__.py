"""THEval (Quignon et al. 2025, arXiv:2511.04520): how lively a talking head is, set against life.

Each measure looks at one video alone and gives a raw value; `score` compares the mean over the
generated videos with that over the real ones. The measures called ``theval_...`` keep the published
program's habits; those called ``..._68`` read 68 landmarks instead of MediaPipe's mesh, divide by
the size of the face and have no value where nothing was found. The two do not compare. The first
take MediaPipe 0.10.21, and Silero's detector where speech counts; without them they say how to
install both.
"""

from talkingface.registry import MetricSpec

_HERE = "talkingface.metrics.theval"
_MESH = frozenset({"frames", "mesh"})
_SQUARE = frozenset({"frames", "mesh_of_square"})
_SWAPPED = frozenset({"frames", "mesh_of_swapped"})
_LANDMARKS = frozenset({"frames", "landmarks"})
_SPOKEN = frozenset({"sound", "speech_segments"})
_ABROAD = frozenset({"frames", "weights", "elsewhere"})


def _spec(
    name: str, sentence: str, metric: str, needs: frozenset[str], *, higher_is_better: bool
) -> MetricSpec:
    sentence += " Best where it is that of real videos."
    return MetricSpec(name, sentence, higher_is_better, f"{_HERE}.{metric}", needs=needs)


METRICS = (
    _spec(
        "theval_aesthetics",
        "THEval: how pleasing the frames are.",
        "not_here:Aesthetics",
        _ABROAD,
        higher_is_better=True,
    ),
    _spec(
        "theval_mouth_quality",
        "THEval: quality of the mouth's picture.",
        "not_here:MouthQuality",
        _ABROAD,
        higher_is_better=True,
    ),
    _spec(
        "theval_face_quality",
        "THEval: quality of the face's picture.",
        "not_here:FaceQuality",
        _ABROAD,
        higher_is_better=True,
    ),
    _spec(
        "theval_lip_dynamics",
        "THEval: how much the lips' shape varies.",
        "lip_dynamics:THEvalLipDynamics",
        _SQUARE,
        higher_is_better=True,
    ),
    _spec(
        "theval_head_motion",
        "THEval: how much the head moves.",
        "not_here:HeadMotion",
        _ABROAD,
        higher_is_better=True,
    ),
    _spec(
        "theval_eyebrow_dynamics",
        "THEval: how much the brows move.",
        "eyebrow_dynamics:THEvalEyebrowDynamics",
        _MESH,
        higher_is_better=True,
    ),
    _spec(
        "theval_silent_lips",
        "THEval: how the lips' gap deviates in silence.",
        "silent_lips:THEvalSilentLips",
        _SQUARE | _SPOKEN,
        higher_is_better=False,
    ),
    _spec(
        "theval_lip_sync",
        "THEval: how far the mouth's opening is from loudness; no test of synchrony.",
        "lip_loudness:THEvalLipSync",
        _SWAPPED | _SPOKEN,
        higher_is_better=False,
    ),
    _spec(
        "lip_dynamics_68",
        "How much the lips' shape varies, over the eyes' distance.",
        "lip_dynamics:OwnLipDynamics",
        _LANDMARKS,
        higher_is_better=True,
    ),
    _spec(
        "head_motion_68",
        "How much the head moves, degrees and pixels mixed.",
        "head_motion:OwnHeadMotion",
        _LANDMARKS | {"pose"},
        higher_is_better=True,
    ),
    _spec(
        "eyebrow_dynamics_68",
        "How much the brows move.",
        "eyebrow_dynamics:OwnEyebrowDynamics",
        _LANDMARKS,
        higher_is_better=True,
    ),
    _spec(
        "silent_lips_68",
        "How the lips' gap deviates in silence.",
        "silent_lips:OwnSilentLips",
        _LANDMARKS | _SPOKEN,
        higher_is_better=False,
    ),
    _spec(
        "lip_loudness_68",
        "How far the mouth's opening is from loudness; no test of synchrony.",
        "lip_loudness:OwnLipLoudness",
        _LANDMARKS | _SPOKEN,
        higher_is_better=False,
    ),
)
