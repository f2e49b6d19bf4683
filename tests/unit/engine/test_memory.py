"""Memory that is used again against memory that is asked for anew."""

import subprocess
import sys

import pytest

from talkingface.engine import memory

# Counts the pages that are asked for while four maps of 16 MB at a time come and go.
PROGRAM = """
import resource
from talkingface.engine.memory import give_back_freed_memory, keep_freed_memory
if {kept}:
    keep_freed_memory()

def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def maps():
    for _ in range(5):
        alive = [b"1" * (1 << 24) for _ in range(4)]

maps()
before = pages()
maps()
print(pages() - before)
give_back_freed_memory()
before = pages()
maps()
print(pages() - before)
"""


def new_pages(*, kept: bool) -> list[int]:
    program = PROGRAM.format(kept=kept)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return [int(line) for line in done.stdout.split()]


@pytest.mark.skipif(memory._library() is None, reason="the system has another allocator")
def test_maps_that_come_and_go_ask_for_no_new_pages() -> None:
    pages_of_a_map = (1 << 24) // 4096
    kept, after_giving_back = new_pages(kept=True)
    assert kept < 2 * pages_of_a_map
    assert after_giving_back > pages_of_a_map / 2
    assert new_pages(kept=False)[0] > 5 * pages_of_a_map


# Counts the pages that stay when every second of some weights of 2 MB is freed.
WEIGHTS = """
from pathlib import Path
from talkingface.engine.memory import give_back_weights, keep_freed_memory
keep_freed_memory()
if {given_back}:
    give_back_weights()

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

before = pages()
weights = [b"1" * (1 << 21) for _ in range(16)]
del weights[::2]
print(pages() - before)
"""


def pages_left(*, given_back: bool) -> int:
    program = WEIGHTS.format(given_back=given_back)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(memory._library() is None, reason="the system has another allocator")
def test_weights_that_are_freed_between_others_leave_nothing() -> None:
    pages_of_a_weight = (1 << 21) // 4096
    assert pages_left(given_back=True) < 9 * pages_of_a_weight
    assert pages_left(given_back=False) > 15 * pages_of_a_weight


def test_other_systems_are_left_alone(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory._library() is None
    memory.give_back_weights()
    memory.keep_freed_memory()
    memory.give_back_freed_memory()
