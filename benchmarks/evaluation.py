"""How long an evaluation takes: ``python -m benchmarks.evaluation``.

The 24 clips of SynthTalk's test split are made by Loud_Mouth, written as videos, and scored with
SSIM, PSNR, LMD, CPBD and lip sync; some are made again with the speech of others. Promised: under
90 s on two cores. Drawing the corpus does not count. SynthTalk is scored by the small SyncNet that
comes with the toolkit; the published one is as fast with any weights, so it runs with drawn ones
here. Beside the clock stands the program's own time on all cores, which other work on the machine
slows less.
"""

import resource
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from talkingface.clip import Clip
from talkingface.config.settings import EvaluateSettings, Settings
from talkingface.data.synth import SynthTalkSizes, load_split, make_corpus
from talkingface.engine.build import build_model
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.protocols import partners, self_trial
from talkingface.engine.scorers import Scorer, named_metrics, scorers_of
from talkingface.engine.scores import Subject
from talkingface.engine.trials import Task
from talkingface.metrics.lip_sync import LSEC, LSED, SyncOffset
from talkingface.metrics.sync_embedding import SyncNetEmbedder
from talkingface.metrics.syncnet import SyncNet
from talkingface.plugins import discover

MODEL = "Loud_Mouth"
PICTURES = ("SSIM", "PSNR", "LMD", "CPBD")
BESIDE: tuple[Subject, ...] = ("truth", "portrait_repeated")
PROMISED_SECONDS = 90
SHUFFLED_CLIPS = EvaluateSettings().shuffled_clips
SIZES = SynthTalkSizes(train=0, val=0)  # the test split is the same, however many learn


def main() -> None:
    """Print a line for each way to evaluate."""
    known = discover().metrics
    pictures, _ = scorers_of(named_metrics(PICTURES, known))
    demo, _ = scorers_of(named_metrics(["sync_demo"], known))
    ways = {"demo SyncNet": [*pictures, *demo], "published SyncNet": [*pictures, *published_sync()]}
    print(f"{torch.get_num_threads()} threads; promised: under {PROMISED_SECONDS} s")
    with tempfile.TemporaryDirectory() as folder:
        make_corpus(folder, SIZES)
        clips = load_split(folder, "test")
        for name, scorers in ways.items():
            report(f"{name}, the method alone", clips, scorers, ())
            report(f"{name}, truth and baselines beside", clips, scorers, BESIDE)


def report(
    name: str, clips: Sequence[Clip], scorers: Sequence[Scorer], beside: Sequence[Subject]
) -> None:
    """Evaluate all clips and print how long it takes."""
    spec = discover().models.get(MODEL)
    model = build_model(spec, Settings(model=spec.config(MODEL))).model
    others = partners(clips, clips, seed=0)
    shuffled = [clip.name for clip in clips[:SHUFFLED_CLIPS]] if beside else []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        evaluator = Evaluator(model, scorers, place, place, beside=beside, shuffled=shuffled)
        start, own_start = time.perf_counter(), time.process_time()
        rows = [
            evaluator.scored(Task(clip.name, trial)).rows[0]
            for clip in clips
            for trial in [partial(self_trial, clip, spec.controls, others[clip.name])]
        ]
        seconds, own_seconds = time.perf_counter() - start, time.process_time() - own_start
    assert not any(row.failure for row in rows), rows
    num_frames = sum(row.footage.num_frames for row in rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdict = "kept" if seconds < PROMISED_SECONDS else "BROKEN"
    print(
        f"{name:<45} {len(rows)} clips, {num_frames} frames: {seconds:6.1f} s "
        f"({own_seconds:.1f} s of cores, {num_frames / seconds:.0f} frames/s, "
        f"peak {peak_mb:.0f} MB) {verdict}",
        flush=True,
    )


def published_sync() -> list[Scorer]:
    """Return the scores of the published network."""
    embedder = SyncNetEmbedder(SyncNet().eval())
    known = discover().metrics
    kinds = {"LSE_D": LSED, "LSE_C": LSEC, "sync_offset": SyncOffset}
    return [
        Scorer(known.get(name), kind, partial(kind, embedder), {}) for name, kind in kinds.items()
    ]


if __name__ == "__main__":
    main()
