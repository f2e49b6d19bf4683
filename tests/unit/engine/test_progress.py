"""Progress is a bar on a terminal and a line now and then in a log."""

import json
import logging
from datetime import datetime

import pytest

from talkingface.cli.messages import show_messages
from talkingface.engine import progress as module
from talkingface.engine.progress import duration, progress


def test_a_log_gets_a_line_soon_and_then_one_a_minute(
    caplog, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    with caplog.at_level(logging.INFO, logger="talkingface"), progress("working") as step:
        for now in range(1, 200):
            step(now, 300)
    said = ["working: 10 of 300", "working: 30 of 300", "working: 70 of 300", "working: 130 of 300"]
    assert [record.message for record in caplog.records] == [*said, "working: 190 of 300"]


def test_programs_get_lines_with_numbers_also_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(module, "FIRST_SECONDS", 0.0)
    show_messages(as_json=True)
    with progress("drawing „a“\n") as step:
        step(3, 4)
    show_messages()
    (line,) = capsys.readouterr().err.splitlines()
    found = json.loads(line)
    assert datetime.fromisoformat(found.pop("time")).tzinfo is not None
    assert found == {
        "level": "info",
        "message": "drawing „a“\n: 3 of 4",
        "done": 3,
        "total": 4,
    }


def test_a_terminal_gets_a_bar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(module, "_is_quiet", lambda: False)
    logging.getLogger("talkingface").setLevel(logging.INFO)
    with progress("working") as step:
        step(1, 2)
        step(2, 2)
    assert "working" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (119.4, "119 s"),
        (119.6, "2 min"),
        (3569, "59 min"),
        (3571, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration_is_no_finer_than_can_be_foreseen(seconds: float, words: str) -> None:
    assert duration(seconds) == words
