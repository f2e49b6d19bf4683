"""What a shell completes: tried in bash itself, with words as bash and as zsh hand them over."""

import shlex
import subprocess
from pathlib import Path

import pytest

from talkingface.cli import main
from talkingface.cli.completion import script_for
from talkingface.cli.verbs import VERBS
from talkingface.plugins import discover

ASK = """
source "$1"; shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_talkingface
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shell") / "talkingface.bash"
    path.write_text(script_for("bash", discover()))
    return path


def completed(file: Path, line: str) -> set[str]:
    """Return what bash offers for the last word of a line; a trailing space begins a new one."""
    words = shlex.split(line.replace("=", " = ")) + ([""] if line[-1] in " =" else [])
    asked = ["bash", "-u", "-c", ASK, "bash", str(file), *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=20)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_the_first_word_is_a_verb(file: Path) -> None:
    assert completed(file, "talkingface ") == {verb.name for verb in VERBS}
    assert completed(file, "talkingface ge") == {"generate"}


def test_names_of_methods_datasets_and_scores_are_offered(file: Path) -> None:
    registry = discover()
    assert completed(file, "talkingface --model=") == {one.name for one in registry.models}
    assert completed(file, "talkingface train --dataset=Synth") == {"SynthTalk"}
    scores = {one.name for one in registry.metrics if one.name.startswith("SSI")}
    assert completed(file, "talkingface evaluate --metrics=SSI") == scores
    assert completed(file, "talkingface train --monitor=SSI") == scores
    assert completed(file, "talkingface generate --model PC") == {"PC_AVS"}


def test_choices_of_settings_are_offered(file: Path) -> None:
    assert completed(file, "talkingface --device=c") == {"cpu", "cuda"}
    assert completed(file, "talkingface evaluate --split=") == {"train", "val", "test"}
    assert completed(file, "talkingface generate --align=t") == {"true"}


def test_keys_are_those_of_the_verb(file: Path) -> None:
    offered = completed(file, "talkingface generate --")
    assert {"--source=", "--audio=", "--model=", "--pose=", "--help"} <= offered
    assert not offered & {"--batch_size=", "--from=", "--generate.source="}
    assert "--from=" in completed(file, "talkingface download --")
    assert "--train.batch_size=" in completed(file, "talkingface --")


def test_zsh_hands_a_key_and_its_value_over_as_one_word(file: Path) -> None:
    asked = ["bash", "-c", ASK, "bash", str(file), "talkingface", "list", "--model=Loud"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.split() == ["--model=Loud_Mouth"]
    asked[-1] = f"--source={file.with_suffix('')}"
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.split() == [f"--source={file}"]


def test_files_are_left_to_the_shell(file: Path) -> None:
    assert completed(file, "talkingface generate --source=fa") == set()
    assert "complete -o default " in file.read_text()


def test_the_script_of_each_shell_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    bash = capsys.readouterr().out
    assert main(["completion", "zsh"]) == 0
    zsh = capsys.readouterr().out
    assert zsh.startswith("autoload -Uz bashcompinit && bashcompinit\n_talkingface() {")
    assert set(zsh.splitlines()) ^ set(bash.splitlines()) == {
        zsh.splitlines()[0],
        zsh.splitlines()[-1],
        bash.splitlines()[-1],
    }
    assert main(["completion", "zhs"]) == 2
    assert "no completion for 'zhs'. Did you mean 'zsh'?" in capsys.readouterr().err
