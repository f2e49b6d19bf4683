"""The first signal asks for an end, the second makes one; before and after, signals are others'."""

import signal

import pytest

from talkingface.engine.stopping import StopRequest


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_asks_and_the_second_leaves_at_once(number: int, code: int) -> None:
    with StopRequest().listening() as request:
        assert not request
        signal.raise_signal(number)
        assert request
        assert request.exit_code == code
        with pytest.raises(SystemExit) as left:
            signal.raise_signal(number)
        assert left.value.code == code


def test_who_heeded_signals_before_does_so_again() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with pytest.raises(ZeroDivisionError), StopRequest().listening():
            raise ZeroDivisionError
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]
