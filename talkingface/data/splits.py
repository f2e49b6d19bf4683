"""Which clips are scored: splits by speaker and lists of names, the same for everyone.

Everything is drawn by hashing names with a seed, never from the order in which a disk lists them.
A list is a text file, one name a line; its SHA-256 is that of the file, so that `sha256sum` tells
whether two people score the same clips.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from talkingface.config.settings import Split
from talkingface.errors import DataError
from talkingface.storage.atomic import write_text


def drawn(names: Iterable[str], seed: int) -> list[str]:
    """Return the names in an order that depends on the seed and on nothing else.

    The first n are a fair draw of n, and part of every longer draw.

    >>> drawn(["a", "b", "c"], seed=0) == drawn(["c", "b", "a"], seed=0)
    True
    """
    return sorted(names, key=lambda name: (_hashed(name, seed), name))


@dataclass(frozen=True)
class SpeakerSplit:
    """Which speakers are kept apart for the test and for validation; all others are for training.

    Where all speakers of a corpus are known by name, the shares are exact numbers of them. Where
    they are not, each speaker is in or out by the hash of its name alone, so that a part of the
    corpus is split as the whole is.
    """

    test: frozenset[str] = frozenset()
    test_share: float = 0.0
    val_share: float = 0.0
    everyone: tuple[str, ...] = ()  # whom the shares are shares of

    def split_of(self, speaker: str, seed: int) -> Split:
        """Return the split that holds every clip of a speaker."""
        if speaker in self.test:
            return "test"
        position = self._position(speaker, seed)
        if position < self.test_share:
            return "test"
        until = round(self.test_share + self.val_share, 9)  # 0.1 + 0.2 is a little more than 0.3
        return "val" if position < until else "train"

    def _position(self, speaker: str, seed: int) -> float:
        """Return where in [0, 1) a speaker stands among all."""
        known = _positions(self.everyone, seed)
        return known[speaker] if speaker in known else _hashed(speaker, seed) / 2**256


def list_text(names: Sequence[str]) -> str:
    """Return a list as it stands in its file."""
    return "".join(f"{name}\n" for name in names)


def list_sha256(names: Sequence[str]) -> str:
    """Return the SHA-256 of a list's file, in hexadecimal digits."""
    return hashlib.sha256(list_text(names).encode()).hexdigest()


def write_list(path: Path, names: Sequence[str]) -> str:
    """Write a list for others and return its SHA-256.

    Raises:
        StorageError: the file cannot be written.
    """
    write_text(path, list_text(names))
    return list_sha256(names)


def read_list(path: Path) -> list[str]:
    """Return the names of a list; empty lines do not count.

    Raises:
        DataError: the file cannot be read, names nothing, or names a clip twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The list {path} cannot be read: {error}.") from error
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise DataError(f"The list {path} names no clip. Write one name a line.")
    if len(set(names)) < len(names):
        twice = Counter(names).most_common(1)[0][0]
        raise DataError(f"The list {path} names {twice} twice. Keep one of the lines.")
    return names


@lru_cache
def _positions(speakers: tuple[str, ...], seed: int) -> Mapping[str, float]:
    """Return where in [0, 1) each of all speakers stands, at equal distances."""
    return {name: rank / len(speakers) for rank, name in enumerate(drawn(speakers, seed))}


def _hashed(name: str, seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest())
