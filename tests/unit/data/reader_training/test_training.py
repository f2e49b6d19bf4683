"""The loop learns, and repeats itself; the command leaves weights and a table."""

import pytest
import torch

from talkingface.data.reader_training.__main__ import main
from talkingface.data.reader_training.losses import reading_losses
from talkingface.data.reader_training.training import trained
from talkingface.face.reader import open_reader


@pytest.fixture(autouse=True)
def small_batches_on_one_thread(monkeypatch):
    monkeypatch.setattr("talkingface.data.reader_training.training.BATCH_SIZE", 8)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def loss_on(material, network):
    pictures, true = material.batch(torch.arange(len(material.pictures)))
    with torch.inference_mode():
        # As in training, by the batch's own statistics: the running ones lag in so few steps.
        losses = reading_losses(network.train()(pictures), true)
    return float(sum(losses.values()))


def test_the_reader_learns(material):
    before, after = (trained(material, steps=steps, seed=0, width=4) for steps in (1, 30))
    assert loss_on(material, after) < 0.8 * loss_on(material, before)


def test_the_same_seed_gives_the_same_weights(material):
    first, again, other = (
        trained(material, steps=2, seed=seed, width=2).state_dict() for seed in (0, 0, 1)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["face.2.weight"], other["face.2.weight"])


def test_the_command_leaves_weights_that_open(tmp_path):
    file = tmp_path / "reader.safetensors"
    words = ["train", f"--weights={file}", "--people=2", "--pictures=4", "--steps=1", "--workers=1"]
    assert main(words) == 0
    open_reader(file)


def test_a_corpus_that_is_not_there_is_a_sentence(tmp_path, capsys):
    file = tmp_path / "reader.safetensors"
    assert main(["measure", f"--weights={file}", f"--corpus={tmp_path}", "--workers=1"]) == 2
    assert "There is no file" in capsys.readouterr().err
