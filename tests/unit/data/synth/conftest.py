"""A small corpus, made once for all tests of this folder."""

from pathlib import Path

import pytest

from talkingface.data.synth import SynthTalkSizes, make_corpus

SMALL = SynthTalkSizes(
    train=3, val=1, test=3, clips_per_identity=1, min_seconds=0.4, max_seconds=0.6
)
SMALL_PX = 56


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "corpus"
    make_corpus(folder, SMALL, seed=3, image_px=SMALL_PX, workers=1)
    return folder
