"""The container is built from what is there, and runs the demo; it cannot be built in a test."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ALLOWED = [
    line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
]


def words_of(instruction: str) -> list[str]:
    """Return the words of the last line of an instruction, written as JSON."""
    (*_, line) = re.findall(rf"^{instruction} (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    return json.loads(line)


def test_its_default_command_is_the_demo() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    demo = re.search(r"^demo:.*\n\t\S+ run_talkingface\.py (.*)$", makefile, flags=re.MULTILINE)
    assert demo
    assert words_of("CMD") == demo[1].split()
    assert words_of("ENTRYPOINT") == ["talkingface"]
    assert 'talkingface = "talkingface.cli:main"' in (ROOT / "pyproject.toml").read_text()


def test_it_gets_what_the_package_is_built_from_and_no_more() -> None:
    needed = ["requirements.txt", "pyproject.toml", "setup.py", "README.md", "LICENSE"]
    needed += [
        "talkingface/cli/program.py",
        "talkingface/report/page.css",
        "properties/overall.yaml",
    ]
    needed += ["checkpoints/weights.yaml", "checkpoints/Loud_Mouth/demo.safetensors"]
    for path in needed:
        assert (ROOT / path).is_file()
        assert is_sent(path), path
    for path in ("runs/a/log.txt", "dataset/a.mp4", "checkpoints/PC_AVS/demo.zip", ".git/config"):
        assert not is_sent(path), path


def test_it_works_as_nobody_special() -> None:
    users = re.findall(r"^USER (\w+)$", DOCKERFILE, flags=re.MULTILINE)
    assert users == ["talkingface"]
    assert DOCKERFILE.index("USER") > DOCKERFILE.rindex("RUN ")


def is_sent(path: str) -> bool:
    """Return whether docker takes a file along."""
    return any(fnmatch(path, pattern.replace("**", "*")) for pattern in ALLOWED)
