"""Sizes of methods whose pictures are drawn by one generator of styles, and grow as it learns."""

from typing import ClassVar

from talkingface.errors import ConfigError

NUM_STAGES = 4  # of the encoders of portraits and of speech
SMALLEST_PX = 64  # the hourglass halves a quarter of the picture four times
FEWEST_SIZES = 4  # of the generator: training begins with a quarter of the size and what is below


class StyleSizes:
    """What such sizes must be to each other; their dataclasses say the rest.

    Attributes:
        image_px: side of the pictures.
        generator_channels: width of the generator at each size, each twice as large as the last.
        staged: names of the sizes that are a number for each stage of an encoder.
    """

    image_px: int
    generator_channels: tuple[int, ...]
    staged: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        num_sizes = len(self.generator_channels)
        if num_sizes < FEWEST_SIZES or self.image_px % 2 ** (num_sizes - 1):
            raise ConfigError(
                f"A generator of {num_sizes} sizes, each twice as large as the one before, draws "
                f"no pictures of {self.image_px} px. Give model.network.generator_channels "
                f"{FEWEST_SIZES} widths or more, and let the first size be whole pixels."
            )
        for name in self.staged:
            if len(getattr(self, name)) != NUM_STAGES:
                raise ConfigError(
                    f"model.network.{name} is {list(getattr(self, name))}. Give {NUM_STAGES} "
                    "numbers: the encoder has as many stages."
                )

    @property
    def start_px(self) -> int:
        """Side of the generator's start map."""
        return self.image_px >> (len(self.generator_channels) - 1)
