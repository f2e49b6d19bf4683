"""The corpus: equal from equal seeds, taken up where it was left, split by person and sentence."""

import json
from pathlib import Path

import numpy as np
import pytest

from talkingface.data.synth import (
    SynthTalkSizes,
    fingerprint,
    load_split,
    make_corpus,
    person_named,
    render_frames,
)
from talkingface.data.synth.clips import phonemes_in, speech_segments
from talkingface.data.synth.corpus import rows_of
from talkingface.data.synth.phonemes import TimedPhoneme
from talkingface.data.synth.recipe import SIZES, SPLITS, Recipe
from talkingface.errors import ConfigError, DataError

from .conftest import SMALL, SMALL_PX


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow  # starts two interpreters: up to 8 s on a busy machine
def test_two_processes_make_the_same_bytes_as_one(small_corpus: Path, tmp_path: Path) -> None:
    make_corpus(tmp_path, SMALL, seed=3, image_px=SMALL_PX, workers=2)
    assert files_of(tmp_path) == files_of(small_corpus)
    assert fingerprint(tmp_path) == fingerprint(small_corpus)


def test_only_what_is_missing_is_made_again_and_comes_out_the_same(small_corpus: Path) -> None:
    before = files_of(small_corpus)
    victims = [small_corpus / "clips" / name for name in ("val_00000.npz", "test_00001.npy")]
    kept = small_corpus / "clips" / "train_00000.npy"
    made = kept.stat().st_mtime_ns
    for victim in victims:
        victim.unlink()
    calls: list[tuple[int, int]] = []
    make_corpus(
        small_corpus, SMALL, seed=3, image_px=SMALL_PX, progress=lambda *now: calls.append(now)
    )
    assert calls == [(6, 7), (7, 7)]
    assert kept.stat().st_mtime_ns == made
    assert files_of(small_corpus) == before


def test_speech_lasts_from_one_silence_to_the_next() -> None:
    told = [("_", 0.0, 0.2), ("a", 0.2, 0.3), ("m", 0.3, 0.5), ("_", 0.5, 0.7), ("o", 0.7, 0.8)]
    segments = speech_segments(TimedPhoneme(*one) for one in told)
    np.testing.assert_allclose(segments, [[0.2, 0.5], [0.7, 0.8]], rtol=1e-6)
    assert speech_segments([]).shape == (0, 2)


def test_a_clip_knows_when_somebody_speaks(small_corpus: Path) -> None:
    power: dict[bool, list[float]] = {True: [], False: []}
    for clip in (clip for split in SPLITS for clip in load_split(small_corpus, split)):
        segments = clip.truth("speech_segments")
        assert (segments[:, 1] > segments[:, 0]).all()
        times = np.arange(round(clip.speech.seconds * 16_000)) / 16_000
        spoken = ((times[:, None] >= segments[:, 0]) & (times[:, None] < segments[:, 1])).any(1)
        for sample, is_spoken in zip(clip.speech.read(16_000), spoken.tolist(), strict=True):
            power[is_spoken].append(float(sample) ** 2)
    assert np.mean(power[True]) > 20 * np.mean(power[False])


def test_another_recipe_does_not_overwrite_a_corpus(small_corpus: Path) -> None:
    with pytest.raises(DataError, match="another recipe"):
        make_corpus(small_corpus, SMALL, seed=4, image_px=SMALL_PX)


def test_no_person_and_no_sentence_is_in_two_splits() -> None:
    plans = list(Recipe(SIZES["default"], seed=0, image_px=112).plans())
    assert [sum(p.split == s for p in plans) for s in ("train", "val", "test")] == [200, 20, 24]
    for what in ("person", "sentence", "speaker"):
        train, val, test = (
            {getattr(p, what) for p in plans if p.split == split}
            for split in ("train", "val", "test")
        )
        assert not train & val
        assert not train & test
        assert not val & test
    assert len({p.sentence for p in plans}) == len(plans)
    assert all(2 <= p.seconds <= 4 for p in plans)


def test_a_larger_training_split_leaves_the_test_split_as_it_was() -> None:
    small, large = (
        [p for p in Recipe(SynthTalkSizes(train=n), 0, 112).plans() if p.split != "train"]
        for n in (10, 3000)
    )
    assert small == large


def test_the_manifest_has_a_row_for_each_clip(small_corpus: Path) -> None:
    rows = rows_of(small_corpus)
    assert [row["split"] for row in rows] == ["train"] * 3 + ["val"] + ["test"] * 3
    for row in rows:
        for kind in ("frames", "speech", "truth"):
            assert (small_corpus / str(row[kind])).is_file()
    for split in ("train", "val", "test"):
        assert (small_corpus / f"{split}.jpg").is_file()


def test_a_clip_opens_lazily_and_knows_its_truth(small_corpus: Path) -> None:
    clip = load_split(small_corpus, "test")[0]
    assert clip.frames is not None
    assert clip.speech is not None
    factors = clip.truth("factors")
    assert factors is not None
    drawn = list(render_frames(person_named(clip.identity), factors, SMALL_PX))
    np.testing.assert_array_equal(clip.frames.read(0, len(clip.frames)), drawn)
    np.testing.assert_array_equal(list(clip.frames)[3], clip.frames.read(3, 4)[0])
    count = len(clip.frames)
    shapes = {
        "pose": (count, 3),
        "landmarks": (count, 68, 2),
        "landmarks_3d": (count, 68, 3),
        "visible": (count, 68),
        "rotation": (count, 3, 3),
        "face_mask": (count, SMALL_PX, SMALL_PX),
        "mouth_mask": (count, SMALL_PX, SMALL_PX),
    }
    for name, shape in shapes.items():
        known = clip.truth(name)
        assert known is not None
        assert known.shape == shape
        assert known.dtype == np.float32
    assert clip.speech.seconds == pytest.approx(count / 25)
    assert clip.speech.read(16000).shape == (round(count / 25 * 16000),)
    assert clip.speech.read(8000).shape == (round(count / 25 * 8000),)
    phonemes = phonemes_in(small_corpus / "clips" / f"{clip.name}.npz")
    assert phonemes[0].start == 0
    assert phonemes[-1].end == pytest.approx(clip.speech.seconds)


def test_stored_landmarks_are_those_that_are_computed(small_corpus: Path) -> None:
    clip = load_split(small_corpus, "val")[0]
    with np.load(small_corpus / "clips" / f"{clip.name}.npz") as stored:
        np.testing.assert_array_equal(stored["landmarks"], clip.truth("landmarks_3d"))


def test_what_is_missing_or_wrong_is_a_sentence(small_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest\.jsonl is missing"):
        load_split(tmp_path, "train")
    with pytest.raises(DataError, match="no split 'dev'"):
        load_split(small_corpus, "dev")
    with pytest.raises(ConfigError, match="Did you mean 'tiny'"):
        make_corpus(tmp_path, "tinny")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="0 or more clips"):
        SynthTalkSizes(train=-1)
    with pytest.raises(ConfigError, match="fps"):
        SynthTalkSizes(fps=0)


def test_a_damaged_file_is_named(small_corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    row = json.loads((small_corpus / "manifest.jsonl").read_text().splitlines()[0])
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row) + "\n")
    for ending in ("npy", "wav", "npz"):
        (tmp_path / "clips" / f"train_00000.{ending}").write_bytes(b"not what it should be")
    (clip,) = load_split(tmp_path, "train")
    assert clip.frames is not None
    assert clip.speech is not None
    with pytest.raises(DataError, match=r"train_00000\.npy"):
        clip.frames.read(0, 1)
    with pytest.raises(DataError, match=r"train_00000\.wav"):
        clip.speech.read(16000)
    with pytest.raises(DataError, match=r"train_00000\.npz"):
        clip.truth("landmarks")
