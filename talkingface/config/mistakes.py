"""Gathers the mistakes of settings, so that a user hears of more than one at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from talkingface.errors import ConfigError

MOST = 3  # told at once: no message has more lines


class Mistakes:
    """Sentences about settings that cannot be used, in the order in which they were met."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the mistake that ends the block, if one does, and go on behind it.

        Raises:
            ConfigError: There are as many as a user reads.
        """
        try:
            yield
        except ConfigError as error:
            self._sentences += str(error).splitlines()
        if len(self._sentences) >= MOST:
            self.tell()

    def tell(self) -> None:
        """Raise what was gathered as one error, a line each.

        Raises:
            ConfigError: There was a mistake.
        """
        if self._sentences:
            raise ConfigError("\n".join(self._sentences[:MOST]))
