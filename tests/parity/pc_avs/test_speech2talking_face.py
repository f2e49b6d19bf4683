"""The variant that takes the face from the voice, from sound to pictures, against its authors'."""

import math

import numpy as np
import pytest
import torch

from talkingface.media.features.identity_window import identity_window
from talkingface.media.features.mel import mel_spectrogram
from talkingface.media.features.windows import mouth_windows, whole_window_frames
from talkingface.models.pc_avs.framing import network_frames, to_and_fro
from talkingface.models.pc_avs.network import PCAVSNetwork, style_of
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.pictures import to_pictures
from tests.parity.deterministic import fill, narrowed, normal, read_manifest
from tests.parity.pc_avs.published_numbers import (
    NUM_SCORES,
    VARIANT,
    assert_close,
    assert_pictures,
    explicit_noise,
    golden,
)
from tests.parity.pc_avs.recorded_layers import RecordedLayers


@pytest.fixture(scope="module")
def variant(network, voice_encoder):
    """Return the variant: another identity encoder, a start map as large as a fresh one."""
    generator = network.generator
    fresh = math.sqrt(512 * 7 * 7)
    generator.input.input.data.mul_(fresh)
    yield PCAVSNetwork(
        voice_encoder, network.speech_encoder, network.non_identity_encoder, generator
    )
    generator.input.input.data.div_(fresh)


@pytest.fixture(scope="module")
def mel():
    """Return the spectrogram of six seconds of sound that the goldens describe."""
    t = np.arange(96_000) / 16_000
    swelling = 0.3 * np.sin(2 * np.pi * 220 * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    rising = 0.2 * np.sin(2 * np.pi * (300 + 400 * t) * t)
    noise = 0.05 * normal("input/wave_noise", (96_000,))
    return mel_spectrogram((swelling + rising + noise).astype(np.float32))


@pytest.fixture(scope="module")
def first_voice(two_voices):
    return Identity(two_voices.vector[:1], start=None)


def test_the_voice_of_a_clip_is_identified_as_the_authors_do(voice_encoder, mel):
    goldens = golden("netA_identity", VARIANT)
    window = torch.from_numpy(identity_window(mel).rows)
    with RecordedLayers(voice_encoder, goldens) as layers:
        identity = voice_encoder(window[None, None])
    layers.assert_close(at_least=8)
    assert_close(identity.vector, goldens["feature_waveform"])
    assert_close(voice_encoder.scores(identity.vector), goldens["scores_waveform_100"])


def test_silence_has_the_authors_identity(voice_encoder):
    nothing = voice_encoder(torch.zeros(1, 1, 320, 80)).vector
    assert_close(nothing, golden("netA_identity", VARIANT)["feature_zeros"])


def test_a_window_of_another_length_has_its_own_network(mel):
    goldens = golden("netA_n_mel_T2", VARIANT)
    rows = read_manifest(VARIANT / "netA_n_mel_T2.json")
    encoder = VoiceIdentityEncoder(rows=160, num_classes=NUM_SCORES).eval()
    encoder.load_state_dict(fill(narrowed(rows, ["fc.*"], NUM_SCORES)), strict=True)
    window = identity_window(mel, units=2)
    assert window.start_row == goldens["start_row"]
    identity = encoder(torch.from_numpy(window.rows)[None, None])
    assert_close(identity.vector, goldens["feature"])
    assert_close(encoder.scores(identity.vector), goldens["scores_100"])


def test_two_voices_give_the_authors_styles_and_pictures(
    variant, two_voices, mouth_codes, pose_codes
):
    goldens = golden("end_to_end_zero_noise", VARIANT)
    assert_close(style_of(two_voices, mouth_codes, pose_codes), goldens["style_driven_pose"])
    drawn = variant.draw(two_voices, mouth_codes, pose_codes)
    assert_pictures(drawn, goldens, "driven_pose")
    levels = to_pictures(drawn)[:, ::8, ::8].astype(int)
    # Levels are cut off, so a difference of 1e-5 can move one by 1.
    assert np.abs(levels - goldens["driven_pose_uint8_stride8"]).max() <= 1


def test_a_voice_in_the_pose_of_a_portrait_gives_the_authors_style_and_picture(
    variant, two_voices, first_voice, mouth_codes, resting_pose
):
    goldens = golden("end_to_end_zero_noise", VARIANT)
    styles = style_of(two_voices, mouth_codes, resting_pose.expand(2, -1))
    assert_close(styles, goldens["style_reference_pose"])
    drawn = variant.draw(first_voice, mouth_codes[:1], resting_pose)
    assert_pictures(drawn, goldens, "reference_pose")


@pytest.mark.parametrize("pose", ["driven", "reference"])
def test_noise_changes_the_picture_as_the_authors_does(
    variant, first_voice, mouth_codes, pose_codes, resting_pose, pose
):
    code = pose_codes[:1] if pose == "driven" else resting_pose
    noise = explicit_noise(variant.generator, batch=1)
    drawn = variant.draw(first_voice, mouth_codes[:1], code, noise)
    assert_pictures(drawn, golden("end_to_end_explicit_noise", VARIANT), f"{pose}_pose")


def test_sound_and_pose_pictures_become_the_authors_frames(variant, mel):
    goldens = golden("end_to_end_from_files", VARIANT)
    frames = [whole_window_frames(len(mel))[item] for item in goldens["items"]]
    pose_frames = [to_and_fro(frame, 5) for frame in frames]
    assert pose_frames == goldens["pose_index"].tolist()

    identity = variant.identify(torch.from_numpy(identity_window(mel).rows)[None, None])
    windows = np.concatenate([mouth_windows(mel, range(f, f + 1)) for f in frames])
    mouths = variant.mouth_codes(torch.from_numpy(windows))
    seen = np.stack([_pose_picture(index) for index in pose_frames])
    poses = variant.pose_codes(network_frames(seen))
    assert_close(style_of(identity, mouths, poses), goldens["style_driven_pose"])

    drawn = variant.draw(identity, mouths, poses)
    assert_pictures(drawn, goldens, "driven_pose")
    levels = to_pictures(drawn)[:, ::4, ::4].astype(int)
    assert np.abs(levels - goldens["frame_uint8_stride4"]).max() <= 1


def _pose_picture(index):
    grey = 128 + 48 * normal(f"input/pose_picture_{index}", (224, 224, 3))
    return grey.clip(0, 255).astype(np.uint8)
