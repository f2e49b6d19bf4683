"""What a user meets at the prompt: help, sentences for mistakes, exit codes."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from talkingface import __version__
from talkingface.cli import main
from talkingface.cli.call import Call
from talkingface.cli.help_text import help_of
from talkingface.cli.verbs import DEFAULT_VERB, VERBS, Verb, find_verb
from talkingface.engine.assignment import PROGRAM
from talkingface.engine.scorers import scorers_of
from talkingface.errors import TalkingFaceError
from talkingface.plugins import discover

EVERY_VERB = [DEFAULT_VERB, *VERBS]


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_words_of_the_design_are_verbs() -> None:
    words = "train evaluate sync generate preprocess download convert export list config doctor"
    assert [verb.name for verb in VERBS] == [*words.split(), "report", "serve", "completion"]


@pytest.mark.parametrize("verb", EVERY_VERB, ids=lambda verb: verb.name or "none")
def test_help_is_one_sentence_and_two_examples_that_parse(verb: Verb) -> None:
    text = help_of(Call.of([verb.name, "--help"] if verb.name else ["--help"]))
    assert text.splitlines()[0] == verb.sentence
    assert verb.sentence.count(".") == 1
    for example in verb.examples:
        assert f"{PROGRAM} {example}" in text
        call = Call.of(shlex.split(example))
        assert call.verb == verb
        if verb.options:
            call.options()
        elif "--resume" in example:
            assert "resume" in call.arguments.keys.entries  # which needs a run to be resolved
        else:
            assert all(one.resolved.settings for one in call.of_each_model())


@pytest.mark.parametrize("verb", EVERY_VERB, ids=lambda verb: verb.name or "none")
def test_the_code_of_every_verb_is_there(verb: Verb) -> None:
    assert callable(verb.function())


def test_every_line_of_help_fits_the_width() -> None:
    for verb in EVERY_VERB:
        text = help_of(Call.of([verb.name] if verb.name else []))
        # Examples and usage lines are commands: they are not broken.
        prose = [line for line in text.splitlines() if PROGRAM not in line]
        assert max(len(line) for line in prose) <= 100


def test_help_shows_the_settings_of_the_model_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "mime.py").write_text(
        "from dataclasses import dataclass\n"
        "from talkingface.config.settings import ModelSettings\n"
        "from talkingface.plugins import register_model\n"
        "@dataclass(frozen=True)\n"
        "class Settings(ModelSettings):\n"
        "    gain: float = 0.5\n"
        "    '''How far the mime goes.'''\n"
        "@register_model('Mime', 'Moves.', config=Settings)\n"
        "class Mime: pass\n"
    )
    plugin = ["--plugins", str(tmp_path / "mime.py")]
    assert "--model.gain" not in help_of(Call.of(plugin))
    text = help_of(Call.of(["--model=Mime", *plugin]))
    assert "--model.gain" in text
    assert "How far the mime goes. (a number; default 0.5)" in text


def test_no_word_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys)
    assert code == 0
    assert out.startswith(DEFAULT_VERB.sentence)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == (0, f"talkingface {__version__}\n", "")


MISTAKES = [
    ("lits", "There is no verb 'lits'. Did you mean 'list'?"),
    ("evalute --model=Still_Portrait", "Did you mean 'evaluate'?"),
    ("--modle=PC_AVS", "unknown key 'modle'. Did you mean 'model'?"),
    ("--model=Still_Portrat", "Did you mean 'Still_Portrait'?"),
    ("--model=Still_Portrait --dataset=SynTalk", "Did you mean 'SynthTalk'?"),
    ("evaluate --dataset=SynthTalk", "Choose a model with --model=NAME. Known: "),
    ("preprocess", "Choose a dataset with --dataset=NAME. Known: "),
    ("evaluate --model=Still_Portrait --metrics=SIM", "no metric called 'SIM'. Did you mean"),
    ("evaluate --model=Still_Portrait --split=tset", "Did you mean 'test'?"),
    ("evaluate --model=Still_Portrait --limit=0", "'evaluate.limit' is 0; it must be at least 1."),
    ("--seed", "'seed' takes a whole number"),
    ("--model", "--model without a value: write the name behind it."),
    ("generate --model=Loud_Mouth --sorce=a.jpg", "Did you mean 'generate.source'?"),
    ("train --model=Loud_Mouth --stpes=3", "Did you mean 'train.steps'?"),
    ("evaluate --model=Still_Portrait --metrics=", "Name at least one score"),
    ("--model=Mine", "One of your own is brought by --plugins FILE.py."),
    ("--seed=1 --seed=2", "'seed' is given twice"),
    ("-z", "'-z' is no option"),
    ("config extra", "Unexpected word 'extra'"),
    ("--config_files", "--config_files takes one file or more"),
    ("--config_files nowhere.yaml", "There is no settings file nowhere.yaml."),
    ("list modles", "Did you mean 'models'?"),
    ("list --control", "list has no option --control. Did you mean 'controls'?"),
    ("download PC_AV", "Did you mean "),
    ("download --from=a.zip", "Say which weights the file holds"),
    ("convert a.pth", "Write: convert FOLDER OUT.safetensors --model=NAME"),
    ("convert a b.safetensors --model=PC_AV", "Did you mean 'PC_AVS'?"),
    ("convert nowhere b.safetensors --model=PC_AVS", "There is no file nowhere"),
    ("convert a.pth b.safetensors", "add --i-trust-this-file"),
    ("convert no.pth b.safetensors --i-trust-this-file", "no.pth"),
    ("generate --model=Loud_Mouth", "Give a portrait with --source"),
    ("generate --model=Loud_Mouth --source=a.jpg", "Give the speech with --audio"),
    ("generate --model=Loud_Mouth --source=a.jpg --audio=b.wav --pose=c.mp4", "no control 'pose'"),
    ("generate --model=Loud_Mouth --jobs=none.csv", "none.csv cannot be read"),
    ("report", "Name the folder of a run"),
    ("report nowhere", "nowhere holds nothing to report"),
    ("report a --uot=b", "report has no option --uot. Did you mean 'out'?"),
    ("train --resume=nowhere", "nowhere is no run folder"),
    ("config --device=tpu", "takes one of auto, cpu, cuda, mps"),
    ("config --model.name.first=x", "a name is one word"),
    ("config --9=x", "--9 is no option"),
]


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line for line, _ in MISTAKES])
def test_a_wrong_call_is_a_sentence_and_exit_code_two(
    line: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, *shlex.split(line))
    assert code == 2
    assert out == ""
    assert sentence in err
    assert "Traceback" not in err
    assert len(err.splitlines()) <= 3


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = said(capsys, "--sede=1", "--debug")
    assert "Traceback" in err
    assert err.splitlines()[-1].startswith("ConfigError: ")


def test_a_fault_of_ours_says_so_and_is_exit_code_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(call: Call) -> int:
        raise ZeroDivisionError("by us")

    monkeypatch.setattr(Verb, "function", lambda verb: broken)
    code, _, err = said(capsys, "list")
    assert code == 1
    assert "InternalError: ZeroDivisionError: by us" in err
    assert "--debug" in err


def test_an_interrupt_is_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(call: Call) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Verb, "function", lambda verb: interrupted)
    assert said(capsys, "list")[0] == 130


def test_config_prints_each_value_with_its_layer(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "config", "--model=Still_Portrait", "--seed=4")
    lines = {line.split(":")[0]: line.split("#")[1].strip() for line in out.splitlines()}
    assert code == 0
    assert lines["seed"] == "command line"
    assert lines["device"] == "default"
    assert lines["dataset.name"] == "properties/model/Still_Portrait.yaml:2"


def test_list_shows_every_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "list")
    registry = discover()
    assert code == 0
    for catalogue in (registry.models, registry.datasets, registry.metrics):
        for spec in catalogue:
            assert spec.name in out


def test_list_can_show_one_kind_and_the_controls(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "list", "models", "--controls")
    assert "datasets:" not in out
    assert "controls: none" in out
    assert "controls: lip, pose (also at angles), blink, gaze (also at angles), emotion" in out
    assert "weights: demo here; published not here (download pc_avs)" in out


def test_list_says_of_a_score_what_it_lacks_here(
    checkpoints: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talkingface.cli.listing.find_spec", lambda name: None)
    _, out, _ = said(capsys, "list", "metrics")
    lacking = dict(re.findall(r"^  (\S+) .*\n +not here: (.*)$", out, re.M))
    assert lacking["LPIPS"] == "download lpips_alexnet lpips_heads"
    assert lacking["theval_lip_sync"].startswith("mediapipe and silero_vad are not installed;")
    assert not {"SSIM", "PSNR", "LMD", "pose_error"} & lacking.keys()
    _, unavailable = scorers_of([one for one in discover().metrics if "demo" not in one.name])
    read_by_others = {"mesh", "mesh_of_square", "mesh_of_swapped", "speech_segments", "expression"}
    for name in lacking.keys() - unavailable.keys():
        assert discover().metrics.get(name).needs & read_by_others
    assert unavailable.keys() <= lacking.keys()


def test_the_page_says_what_it_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gradio", None)  # as where it is not installed
    monkeypatch.delitem(sys.modules, "talkingface.web.page", raising=False)
    code, _, err = said(capsys, "serve")
    assert code == 2
    assert "The page needs gradio, which is not installed: pip install" in err
    code, _, err = said(capsys, "serve", "--host=0.0.0.0")
    assert code == 2
    assert "With --host=0.0.0.0 others can reach the page." in err


def test_an_unknown_verb_is_an_error() -> None:
    with pytest.raises(TalkingFaceError):
        find_verb("")
