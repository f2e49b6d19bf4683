"""The method as users call it, from a job to frames, against the authors' whole program.

The goldens' inputs are noise: pictures whose levels are no whole numbers, windows of sound that no
speech has. So pictures are given unrounded, and the sound's rows in place of those of the speech.
"""

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.datasets.pc_avs import PCAVSDataset
from talkingface.engine.jobs import self_driven
from talkingface.job import Control, Job
from talkingface.media import SpeechArray, write_picture
from talkingface.media.features.mel import num_rows
from talkingface.models.pc_avs import drawing
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.model import PCAVS
from tests.filming import record
from tests.parity.deterministic import normal
from tests.parity.pc_avs.published_numbers import (
    assert_pictures,
    explicit_noise,
    golden,
    mels,
    pictures,
)

A_SECOND_EACH = pytest.mark.slow  # at the published size; the networks themselves are tested always
ONE_FRAME = SpeechArray(np.zeros(13 * 160, np.float32))  # 20 rows: frame 2 and no other


def method(network=None, **choices):
    """Return the method at its published sizes, with the published timing."""
    with torch.device("meta"):  # nothing is drawn that the weights would replace
        model = PCAVS(PCAVSSettings(sync="published", **choices))
    if network is not None:
        model.network = network
    return model.eval()


def unrounded(name, count):
    """Return the goldens' pictures as levels (T, 224, 224, 3) that are no whole numbers."""
    levels = (pictures(name, (2, 3, 224, 224))[:count] + 1) / 2 * 255
    return levels.permute(0, 2, 3, 1).contiguous().numpy()


@pytest.fixture
def golden_sound(monkeypatch):
    """Let the speech have the rows of the goldens' first window of sound."""
    rows = mels("input/mel", (2, 1, 80, 20))[0, 0].T.numpy()
    assert len(rows) == num_rows(13 * 160)
    monkeypatch.setattr(drawing, "mel_spectrogram", lambda *speech: rows)


def job(num_portraits=1, *, driven):
    """Return a job for one frame, which is the third, as the published timing begins with it."""
    pose = unrounded("input/pose", 2)[[1, 1, 0]]
    controls = {"pose": Control(Clip("pose", FrameArray(pose)))} if driven else {}
    return Job("job", tuple(unrounded("input/identity", num_portraits)), ONE_FRAME, controls)


@pytest.mark.usefixtures("golden_sound")
@pytest.mark.parametrize("pose", ["driven", pytest.param("reference", marks=A_SECOND_EACH)])
def test_a_job_becomes_the_authors_pictures(network, pose):
    model = method(network, noise="none")
    given = job(driven=pose == "driven")
    (drawn,) = model.generate(given)
    assert len(drawn) == model.num_frames(given) == 1
    assert_pictures(drawn, golden("end_to_end_zero_noise"), f"{pose}_pose")


@A_SECOND_EACH
@pytest.mark.usefixtures("golden_sound")
def test_noise_enters_a_job_as_it_does_the_authors_program(network, monkeypatch):
    monkeypatch.setattr(
        network.generator, "draw_noise", lambda random: explicit_noise(network.generator, batch=1)
    )
    (drawn,) = method(network, noise="fixed").generate(job(driven=True))
    assert_pictures(drawn, golden("end_to_end_explicit_noise"), "driven_pose")


@A_SECOND_EACH
@pytest.mark.usefixtures("golden_sound")
def test_two_portraits_of_a_job_are_averaged_as_the_authors_do(network):
    (drawn,) = method(network, noise="none", references=2).generate(job(2, driven=True))
    assert_pictures(drawn, golden("end_to_end_two_inputs"), "driven_pose")


class Witness(torch.nn.Module):
    """Notes what reaches the networks, in place of all of them."""

    def __init__(self):
        super().__init__()
        self.anything = torch.nn.Parameter(torch.zeros(1))
        self.generator = None
        self.identities, self.poses, self.mouths, self.drawn = [], [], [], []

    def identify(self, references):
        self.identities.append(references)

    def resting_pose_code(self, references):
        return torch.full((1, 1), -1.0)

    def pose_codes(self, pictures):
        self.poses.extend(pictures)
        first = len(self.poses) - len(pictures)
        return torch.arange(first, len(self.poses), dtype=torch.float32)[:, None]

    def mouth_codes(self, windows):
        self.mouths.extend(windows)
        return torch.zeros(len(windows), 1)

    def draw(self, identity, mouths, poses, noise):
        self.drawn.extend(poses[:, 0].tolist())
        return torch.zeros(len(poses), 3, 8, 8)


def test_files_reach_the_networks_as_the_authors_loader_hands_them_on(tmp_path):
    def save(folder, index, name):
        (tmp_path / folder).mkdir(exist_ok=True)
        levels = (128 + 48 * normal(name, (224, 224, 3))).clip(0, 255).astype(np.uint8)
        write_picture(tmp_path / folder / f"{index:06d}.png", levels)

    save("me", 0, "input/id_picture")
    for index in range(5):
        save("nod", index, f"input/pose_picture_{index}")
    t = np.arange(32000) / 16000
    wave = 0.3 * np.sin(2 * np.pi * 220 * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    wave += 0.2 * np.sin(2 * np.pi * (300 + 400 * t) * t) + 0.05 * normal(
        "input/wave_noise", t.shape
    )
    record(tmp_path / "talk.wav", wave.astype(np.float32), "pcm_f32le")
    (tmp_path / "demo.csv").write_text("me 1 nod 5 talk.wav None 0 dummy\n")

    settings = PCAVSDatasetSettings("PC_AVSDataset", folder=str(tmp_path))
    (clip,) = PCAVSDataset(settings, 0).clips("test")
    witness, dataset = Witness(), golden("dataset")
    list(method(witness, noise="none").generate(self_driven(clip, ["pose"])))

    (portraits,) = witness.identities
    np.testing.assert_array_equal(portraits[0, 0, :, ::4, ::4], dataset["input_stride4"])
    order = [int(one) for one in witness.drawn]
    met = [order[dataset["pose_index"].tolist().index(frame)] for frame in range(5)]
    np.testing.assert_array_equal(witness.poses[met[2]][:, ::4, ::4], dataset["pose_stride4"])
    assert [met.index(code) for code in order] == dataset["pose_index"].tolist()
    _, *windows = witness.mouths  # the first is silence, for lips that follow but weakly
    assert len(windows) == dataset["length"]
    for sample in (0, 1, 46):
        # float32 sound in the file, and the resampler passes it on; the spectrogram is to 6e-8
        np.testing.assert_allclose(
            windows[sample][None], dataset[f"spectrogram_{sample}"], atol=1e-6
        )
