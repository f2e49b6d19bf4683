"""The processes that tests here kill."""

import multiprocessing
from multiprocessing.context import ForkServerContext

import pytest


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """A server that has imported what takes long, and forks a process in milliseconds.

    Python has one server, and it imports nothing later: so one list serves all tests.
    """
    context = multiprocessing.get_context("forkserver")
    modules = ("engine.checkpoints", "data.synth", "media")
    context.set_forkserver_preload(["pytest", *(f"talkingface.{name}" for name in modules)])
    return context
