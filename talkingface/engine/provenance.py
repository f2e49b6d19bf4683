"""What is needed to repeat a run: code, versions, machine. No secrets, no environment."""

import hashlib
import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from talkingface import __version__

PACKAGE = Path(__file__).resolve().parent.parent
RECORDED_PACKAGES = ("torch", "lightning-fabric", "numpy", "scipy", "av", "opencv-python-headless")


def provenance(argv: Sequence[str]) -> dict[str, Any]:
    """Return the facts about this program and this machine that a result depends on.

    The code is named twice: by the commit that is checked out, and by a hash over the source
    itself, which also tells uncommitted changes and installed packages apart.
    """
    return {
        "command": shlex.join(argv),
        "talkingface": __version__,
        "source_sha256": source_hash(),
        "git_commit": git_commit(PACKAGE.parent),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in RECORDED_PACKAGES},
    }


def source_hash() -> str:
    """Return the SHA-256 over the package's Python files and their paths."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PACKAGE).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def git_commit(checkout: Path) -> str | None:
    """Return the commit that a checkout stands at, read from its files, or None outside of one."""
    git = checkout / ".git"
    if git.is_file():  # a worktree or submodule names its real folder
        git = checkout / git.read_text().removeprefix("gitdir:").strip()
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        return _resolve(git, head.removeprefix("ref: "))
    except OSError:
        return None


def _resolve(git: Path, reference: str) -> str | None:
    common = git / "commondir"
    for folder in (git, git / common.read_text().strip() if common.is_file() else git):
        if (folder / reference).is_file():
            return (folder / reference).read_text().strip()
        packed = folder / "packed-refs"
        for line in packed.read_text().splitlines() if packed.is_file() else ():
            if line.endswith(f" {reference}"):
                return line.split(" ", 1)[0]
    return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
