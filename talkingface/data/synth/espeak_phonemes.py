"""eSpeak's phoneme names as ours: by the sounds that make them up."""

from typing import Final

from talkingface.data.synth.phonemes import SILENCE

# The first letters of an eSpeak mnemonic, longest first, and our phoneme with the nearest lips.
_NEAREST: Final = {
    "a": "a", "A": "a", "0": "aw", "V": "uh", "Q": "aw", "&": "ae", "E": "e", "e": "e", "I": "ih",
    "i": "i", "O": "aw", "o": "o", "U": "u", "u": "u", "y": "y", "Y": "y", "W": "y", "@": "uh",
    "3": "er", "aI": "a", "aU": "a", "eI": "e", "OI": "o", "oU": "o", "I2": "ih", "@L": "l",
    "p": "p", "b": "b", "B": "b", "m": "m", "t": "t", "d": "d", "n": "n", "k": "k", "g": "g",
    "Q\"": "g", "x": "h", "N": "ng", "f": "f", "v": "v", "T": "th", "D": "dh", "s": "s", "z": "z",
    "S": "sh", "Z": "zh", "tS": "sh", "dZ": "zh", "h": "h", "l": "l", "r": "r", "R": "r", "*": "r",
    "w": "w", "j": "j", "C": "sh", "n^": "n", "l^": "l", "J": "j", ";": "j", "X": "h", "ts": "s",
    "pF": "p",
}  # fmt: skip
_LONGEST: Final = max(len(name) for name in _NEAREST)


def phoneme_named(mnemonic: str) -> str:
    """Return our phoneme for an eSpeak mnemonic; pauses and what is unknown are silence.

    >>> phoneme_named("aI"), phoneme_named("_:"), phoneme_named("p")
    ('a', '_', 'p')
    """
    bare = mnemonic.lstrip("',%=|")
    for length in range(min(_LONGEST, len(bare)), 0, -1):
        if bare[:length] in _NEAREST:
            return _NEAREST[bare[:length]]
    return SILENCE
