"""Whether tests notice small mistakes: ``python -m benchmarks.mutants --count 100 --seed 0``.

Drawn from a seed, as many in each area of `AREAS`: lines of code, and one change in each (what may
change: `benchmarks/mutations.py`). Each is made alone, in a copy of the package, whose tests must
then fail, or hang. Promised: 85 of 100 are noticed. The tests of a module are those that import it
in the folder of unit/ that mirrors its own, in parity/, robustness/ and the top; where none of that
folder does, also the rest of it, and what else in unit/ does.

Tests run in forks of this process, which has read torch and the like, but nothing of the package.
"""

import argparse
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from functools import cache
from importlib import import_module
from pathlib import Path

from benchmarks.mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parent.parent
AREAS = {
    "metrics": ["metrics/**/*.py"],
    "losses": [
        *("models/*/losses.py", "models/*/*learning.py", "data/reader_training/losses.py"),
        *("nn/contrast.py", "nn/gan.py", "nn/perceptual.py", "nn/picture_losses.py"),
    ],
    "checkpoints": ["engine/checkpoints.py", "storage/*.py"],
    "config": ["config/*.py"],
}
# What changes nothing that anyone could see, and why.
EQUIVALENT = {
    "talkingface/models/pd_fgc/part_learning.py: "
    'return {"pose": errors.sum() / is_known.sum().clamp(min=1)}: 1 -> (2)': "a known pose has six "
    "numbers",
}
PROMISED = 0.85
MEMORY = 16 * 2**30  # bytes; a change may ask for them without end
HEAVY = (
    *("av", "cv2", "dlib", "einops", "lightning_fabric", "numpy", "PIL.Image", "pytest"),
    *("safetensors.torch", "scipy.linalg", "scipy.ndimage", "scipy.optimize", "scipy.signal"),
    *("skimage.metrics", "torch.utils.tensorboard", "yaml"),
)


def main() -> None:
    """Make mutants, and print which test noticed each, and those that none did."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chosen = draw(given.count, given.seed)
    os.environ["OMP_NUM_THREADS"] = "1"  # a process with threads of its own is not to be forked
    for name in HEAVY:
        import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        survivors = run_all(chosen, Path(folder))
    share = 1 - len(survivors) / len(chosen)
    print(f"\n{len(survivors)} that no test noticed:", *survivors, sep="\n  ")
    verdict = "kept" if share >= PROMISED else "BROKEN"
    print(f"{share:.0%} of {len(chosen)} were noticed (promised {PROMISED:.0%}): {verdict}")


def draw(count: int, seed: int) -> list[Mutation]:
    """Return changes, as many in each area.

    The seed gives each change its place in the queue, whatever else stands there: new code, or one
    change more that is known as equivalent, moves no other.
    """
    chosen = []
    for index, patterns in enumerate(AREAS.values()):
        paths = [path for one in patterns for path in (ROOT / "talkingface").glob(one)]
        found = [mutation for path in sorted(paths) for mutation in mutations(ROOT, path)]
        found.sort(key=lambda mutation: random.Random(f"{seed} {mutation.name}").random())
        of_lines: dict[tuple[str, int], Mutation] = {}
        for mutation in found:
            if mutation.name not in EQUIVALENT:
                of_lines.setdefault((mutation.path, mutation.line), mutation)
        share = (count + index) // len(AREAS)
        chosen += list(of_lines.values())[:share]
    return chosen


def run_all(chosen: list[Mutation], folder: Path) -> list[Mutation]:
    """Return those that pass the tests, which are run in a copy of the project below `folder`."""
    copy, kept = folder / "copy", folder / "kept.py"
    copy_project(copy)
    everything = sorted({test for mutation in chosen for test in tests_of(mutation.path)})
    print(f"{len(chosen)} changes, {len(everything)} files of tests; first without a change")
    start = time.perf_counter()
    if found := noticed_by(copy, everything, limit_seconds=None):
        sys.exit(f"{found}\n{(folder / 'output.txt').read_text()}")
    limit_seconds = 10 + time.perf_counter() - start
    survivors = []
    for mutation in chosen:
        file = copy / mutation.path
        shutil.copy2(file, kept)  # with its time, by which what is compiled of it stays good
        file.write_bytes(mutation.applied(file.read_bytes()))
        found = noticed_by(copy, tests_of(mutation.path), limit_seconds)
        shutil.copy2(kept, file)
        survivors += [] if found else [mutation]
        print(f"{mutation}\n    {found or 'SURVIVED'}", flush=True)
    return survivors


def copy_project(copy: Path) -> None:
    """Copy code and tests; the files that they read are linked to."""
    copy.mkdir()
    for path in ROOT.iterdir():
        if path.name in ("talkingface", "tests"):
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif not path.name.startswith("."):
            (copy / path.name).symlink_to(path)


@cache
def tests_of(path: str) -> list[str]:
    """Return the files of tests that hold a module; first those most likely to notice a change."""
    folder, name = Path(path).parent, Path(path).stem
    package = ".".join(folder.parts)
    named = re.compile(
        rf"\b{package} import\b"
        if name == "__init__"
        else rf"\b{package} import\b.*\b{name}\b|\b{package}\.{name}\b"
    )
    mirror = Path("tests/unit", folder.relative_to("talkingface"))
    tests = [one.relative_to(ROOT) for one in sorted((ROOT / "tests").rglob("test_*.py"))]
    naming = [one for one in tests if named.search((ROOT / one).read_text(encoding="utf-8"))]
    held = [one for one in naming if one.parent == mirror]
    if not held:
        held = [one for one in tests if one.parent == mirror]
        held += [one for one in naming if one.parts[1] == "unit"]
    held += [one for one in naming if one.parts[1] not in ("unit", "integration")]
    return [one.as_posix() for one in held]


def noticed_by(copy: Path, tests: list[str], limit_seconds: float | None) -> str:
    """Return which test fails, or how else it ends; nothing where all pass, in time."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=run_tests, args=(copy, tests, limit_seconds is None))
    process.start()
    process.join(limit_seconds)
    if process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)  # also the programs that it started
        process.join()
    if process.exitcode == 0:
        return ""
    output = copy.with_name("output.txt").read_text(encoding="utf-8")
    failed = re.search(r"^(?:FAILED|ERROR) \S+", output, re.MULTILINE)
    return failed[0] if failed else f"ended with {process.exitcode}"


def run_tests(copy: Path, tests: list[str], keep_compiled: bool) -> None:
    """Run tests in this process, which ends with them or with the first that fails."""
    import pytest

    os.setpgrp()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    output = os.open(copy.with_name("output.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(copy)
    sys.path[0] = str(copy)
    # What is compiled of the unchanged package serves all; of a mutant nothing is kept.
    sys.dont_write_bytecode = not keep_compiled
    os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "" if keep_compiled else "1"}
    options = ["-x", "-p", "no:cacheprovider", "-p", "no:xdist"]
    for test in tests:  # one by one: the first often fails, and then no other is read
        code = pytest.main([*options, f"--basetemp={copy.with_name('scratch')}", test])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            break
    else:
        code = pytest.ExitCode.OK
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
