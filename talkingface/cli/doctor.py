"""The verb `doctor`: what this machine has, and the cure for what it lacks."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from talkingface.cli.call import Call
from talkingface.config.locations import checkpoints_folder, weights_table
from talkingface.storage.catalogue import load_catalogue
from talkingface.storage.download import Presence, inspect

Outcome = Literal["ok", "note", "failed"]

OLDEST_PYTHON = (3, 11)
OLDEST_TORCH = (2, 10)
NEEDED_DISK_GB = 2.0
NEEDED_MEMORY_GB = 4.0
OPTIONAL_PACKAGES = {
    "espeakng_loader": ("SynthTalk's espeak voices", "pip install espeakng-loader"),
    "gradio": ("the web page", "pip install 'gradio>=6.7,<7'"),
    "onnxscript": ("export", "pip install onnx onnxscript onnxruntime"),
    "mediapipe": ("dense face meshes", "preprocess --landmarks=mediapipe says how"),
    "silero_vad": ("THEval's speech and silence", "evaluate --metrics=theval says how"),
    "face_alignment": ("FAN landmarks", "pip install face-alignment"),
}
MARKS = {"failed": "FAILED", "ok": "ok    ", "note": "note  "}  # in the order of their lines
READY = "Ready. What a note says is needed for what it names alone."
NOT_READY = "Not ready: mend what FAILED, and call doctor again."


@dataclass(frozen=True)
class Check:
    """One line of the examination."""

    outcome: Outcome
    found: str
    cure: str = ""

    def __str__(self) -> str:
        cure = f" {self.cure}" if self.cure else ""
        return f"{MARKS[self.outcome]}  {self.found}{cure}"


def examine(call: Call) -> int:
    """Print whether all is well, and a line for each thing; 1 if one that must be there fails."""
    quiet = "quiet" in call.arguments.switches
    checks = sorted(
        _checks(Path(call.resolved.settings.runs_folder)),
        key=lambda one: list(MARKS).index(one.outcome),
    )
    num_failed = sum(check.outcome == "failed" for check in checks)
    if not quiet:
        print(NOT_READY if num_failed else READY)
    for check in checks[: num_failed if quiet else None]:
        print(check)
    return int(num_failed > 0)


def _checks(runs: Path) -> Iterator[Check]:
    yield _python()
    yield _torch()
    yield _disk(runs)
    yield _memory()
    yield from _weights()
    yield from _packages()


def _python() -> Check:
    found = f"Python {platform.python_version()}"
    if sys.version_info < OLDEST_PYTHON:
        return Check("failed", found, "Install Python 3.11 or newer and make the environment anew.")
    return Check("ok", found)


def _torch() -> Check:
    try:
        import torch
    except ImportError as error:
        return Check("failed", f"torch: {error}.", "pip install -r requirements.txt")
    found = f"torch {torch.__version__}"
    release = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
    if release < OLDEST_TORCH:
        return Check("failed", found, "Older than 2.10: pip install 'torch>=2.10,<2.14'")
    if torch.cuda.is_available():
        memory_gb = torch.cuda.get_device_properties(0).total_memory / 1e9
        return Check("ok", f"{found}, {torch.cuda.get_device_name(0)} ({memory_gb:.0f} GB)")
    if torch.backends.mps.is_available():
        return Check("ok", f"{found}, Apple GPU (mps)")
    return Check("ok", f"{found}, on the CPU with {torch.get_num_threads()} threads")


def _disk(runs: Path) -> Check:
    folder = next(place for place in (runs.absolute(), *runs.absolute().parents) if place.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    found = f"{free_gb:.1f} GB free for runs in {folder}"
    if not os.access(folder, os.W_OK):
        return Check("failed", f"{folder} cannot be written.", "Choose --runs_folder=FOLDER.")
    if free_gb < NEEDED_DISK_GB:
        return Check("failed", found, f"Make room for {NEEDED_DISK_GB:.0f} GB, or --runs_folder.")
    return Check("ok", found)


def _memory() -> Check:
    try:
        pages, page_size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return Check("note", "The size of the memory is not known on this system.")
    total_gb = pages * page_size / 1e9
    found = f"{total_gb:.0f} GB of memory"
    if total_gb < NEEDED_MEMORY_GB:
        return Check("note", found, "Little: stay with the demo weights.")
    return Check("ok", found)


def _weights() -> Iterator[Check]:
    demo = sorted({path.parent.name for path in checkpoints_folder().glob("*/demo*.safetensors")})
    if demo:
        yield Check("ok", f"demo weights of {', '.join(demo)}")
    missing = []
    for entry in load_catalogue(weights_table()):
        there = inspect(entry, checkpoints_folder())
        if there.presence is Presence.MISSING:
            missing.append(entry.name)
        elif there.presence is Presence.WRONG:
            yield Check("failed", f"{entry.name} is not as published.", there.remark)
        else:
            yield Check("ok", f"{entry.name} is here.", there.remark)
    if missing:
        yield Check(
            "note",
            f"Published weights that are not here: {', '.join(missing)}.",
            "`download` says what each is for and brings it.",
        )


def _packages() -> Iterator[Check]:
    for module, (purpose, cure) in OPTIONAL_PACKAGES.items():
        if importlib.util.find_spec(module) is None:
            yield Check("note", f"{module} is not installed (for {purpose}).", cure)
            continue
        try:
            yield Check("ok", f"{module} {version(module)}")
        except PackageNotFoundError:
            yield Check("ok", module)
