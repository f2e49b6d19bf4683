"""Every registered model trains, goes on, evaluates and generates, by being registered."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from talkingface.cli import main
from talkingface.media import open_frames, write_picture
from talkingface.plugins import discover
from talkingface.registry import ModelSpec, imported_class

MODELS = list(discover().models)
LEARNING = [
    spec for spec in MODELS if spec.makes_video and imported_class(spec.model, spec.name).phases
]
SCORING = [spec for spec in MODELS if not spec.makes_video]
WEIGHTS = "weights.safetensors"
SMALL = ("--batch_size=2", "--curves=none", "--log_every=1")
TINY = Path(__file__).parent / "tiny"  # settings of methods whose own sizes take hours


def at_tiny_size(spec: ModelSpec) -> tuple[str, ...]:
    """Return the words that choose a method, at a size of seconds."""
    file = TINY / f"{spec.name}.yaml"
    return (f"--model={spec.name}", *(("--config_files", str(file)) if file.is_file() else ()))


def needs_weights(spec: ModelSpec) -> bool:
    """Return whether a method draws with its authors' weights, which has a test of its own."""
    return imported_class(spec.model, spec.name).published is not None


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw the tiny SynthTalk once for all models."""
    folder = tmp_path_factory.mktemp("synthtalk")
    assert main(["preprocess", "--dataset=SynthTalk", *on(folder)]) == 0
    return folder


def on(folder: Path) -> tuple[str, ...]:
    return (f"--dataset.folder={folder}", "--dataset.size=tiny", "--dataset.image_px=64")


@pytest.mark.parametrize("spec", LEARNING, ids=lambda spec: spec.name)
def test_a_method_trains_resumes_evaluates_and_generates(
    spec, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = f"--runs_folder={tmp_path / 'runs'}"
    choice = (*at_tiny_size(spec), "--dataset=SynthTalk", *on(corpus), runs)
    assert main(["train", *choice, *SMALL, "--steps=1"]) == 0
    assert main(["train", "--resume", "--steps=2", runs]) == 0
    check_losses(spec, tmp_path / "runs")
    (weights,) = (tmp_path / "runs").glob("*/weights.safetensors")
    trained = f"--evaluate_model_file={weights}"
    assert main(["evaluate", *choice, trained, "--limit=1", "--metrics=SSIM"]) == 0
    said = capsys.readouterr()
    assert "SSIM" in said.out
    assert "where the method knows faces" not in said.err
    check_generation([f"--model={spec.name}", trained, runs], corpus, tmp_path)


@pytest.mark.slow  # every method is trained twice more
@pytest.mark.parametrize("spec", LEARNING + SCORING, ids=lambda spec: spec.name)
def test_a_training_that_goes_on_equals_one_that_never_stopped(
    spec, corpus: Path, tmp_path: Path
) -> None:
    whole, stopped = tmp_path / "runs", tmp_path / "stopped"
    choice = (*at_tiny_size(spec), "--dataset=SynthTalk", *on(corpus), f"--runs_folder={whole}")
    assert main(["train", *choice, *SMALL, "--steps=4", "--save_every=2", "--keep_every=2"]) == 0
    (whole,) = whole.iterdir()
    shutil.copytree(whole, stopped)
    # As if it had been killed after step 3.
    for later in (WEIGHTS, "checkpoints/step-00000004.pt"):
        (stopped / later).unlink()
    (stopped / "checkpoints" / "last.json").write_text('{"file": "step-00000002.pt"}')
    assert main(["train", f"--resume={stopped}"]) == 0
    assert (stopped / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()


@pytest.mark.parametrize(
    "spec",
    [spec for spec in MODELS if spec not in LEARNING + SCORING and not needs_weights(spec)],
    ids=lambda spec: spec.name,
)
def test_a_method_without_weights_evaluates_by_every_default_score_and_generates(
    spec, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = f"--runs_folder={tmp_path / 'runs'}"
    choice = (f"--model={spec.name}", "--dataset=SynthTalk", *on(corpus), runs)
    assert main(["evaluate", *choice, "--limit=1"]) == 0
    assert "sync_demo_offset" in capsys.readouterr().out
    check_generation([f"--model={spec.name}", runs], corpus, tmp_path)


@pytest.mark.parametrize("spec", SCORING, ids=lambda spec: spec.name)
def test_a_model_that_scores_trains_resumes_and_makes_no_video(
    spec, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = f"--runs_folder={tmp_path / 'runs'}"
    choice = (*at_tiny_size(spec), "--dataset=SynthTalk", *on(corpus), runs)
    small = [word.replace("--", "--train.") for word in SMALL]
    assert main([*choice, *small, "--train.enabled=true", "--train.steps=2"]) == 0
    assert main(["train", "--resume", "--steps=3", runs]) == 0
    check_losses(spec, tmp_path / "runs")
    assert len(list((tmp_path / "runs").glob("*/weights.safetensors"))) == 1
    for verb in ("evaluate", "generate"):
        assert main([verb, *choice]) == 2
        assert f"{spec.name} scores videos and makes none." in capsys.readouterr().err


def check_losses(spec: ModelSpec, runs: Path) -> None:
    """See that a method says the names of what it has lost, for settings to weigh it by."""
    kind = imported_class(spec.model, spec.name)
    (notes,) = runs.glob("*/metrics.jsonl")
    noted = {name for line in notes.read_text().splitlines() for name in json.loads(line)}
    losses = {name.partition("/") for name in noted if name.partition("/")[0] in kind.phases}
    assert losses
    assert {name for _, _, name in losses} <= set(kind.loss_names)


def check_generation(words: list[str], corpus: Path, tmp_path: Path) -> None:
    """Make a video of a clip's first frame and sound, and look at its length and size."""
    (sound,) = corpus.glob("*/clips/test_00000.wav")
    (frames,) = [np.load(path) for path in corpus.glob("*/clips/test_00000.npy")]
    face, out = tmp_path / "face.png", tmp_path / "talk.mp4"
    write_picture(face, frames[0])
    files = [f"--source={face}", f"--audio={sound}", f"--out={out}"]
    assert main(["generate", *words, *files]) == 0
    made = open_frames(out)
    assert abs(len(made) - len(frames)) <= 1
    assert made.read(0, 1).shape[1:] == frames.shape[1:]
