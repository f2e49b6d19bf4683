"""How many frames of a stream are drawn together."""

PORTION_SECONDS = 0.05  # that a portion may take: an interruption waits for no longer one
MOST_FRAMES = 16


class Pace:
    """Learns how many frames are drawn in a twentieth of a second; the first comes alone.

    >>> pace = Pace()
    >>> pace.took(1, 0.01)
    >>> pace.most
    2
    """

    def __init__(self) -> None:
        self.most = 1  # frames in the next portion

    def took(self, num_frames: int, seconds: float) -> None:
        """Learn from a portion: half as many next time, or twice, where all were wanted."""
        if seconds > PORTION_SECONDS:
            self.most = max(1, num_frames // 2)
        elif num_frames == self.most and 2 * seconds <= PORTION_SECONDS:
            self.most = min(2 * self.most, MOST_FRAMES)
