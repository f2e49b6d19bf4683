"""PC_AVS scored on its own files, from the command line, with what its authors' program leaves."""

import csv
from pathlib import Path

import numpy as np

from talkingface.data.synth import factor_row, person, render_frames
from talkingface.data.synth.camera import ALIGNED
from talkingface.media import open_frames, write_picture
from tests.filming import record
from tests.narrow_pc_avs import write_narrow_weights

NUM_FRAMES = 8


def write_clip(folder: Path) -> None:
    """Write a clip in which a person turns her head while she says something."""
    turning = np.stack([factor_row(yaw=yaw) for yaw in np.linspace(-0.2, 0.2, NUM_FRAMES)])
    frames = list(render_frames(person(0), turning, 224, ALIGNED))
    for name, pictures in (("me", frames[:1]), ("talk", frames)):
        (folder / name).mkdir()
        for index, picture in enumerate(pictures):
            write_picture(folder / name / f"{index:06d}.png", picture)
    hum = 0.2 * np.sin(np.arange(640 * NUM_FRAMES) / 20)
    record(folder / "talk.wav", hum.astype(np.float32), "pcm_s16le")


def test_a_line_is_scored_and_leaves_panels_and_a_bad_line_is_a_row_with_its_reason(
    run, only_run, tmp_path: Path
) -> None:
    write_clip(tmp_path)
    line = f"me 1 talk {NUM_FRAMES} talk.wav talk {NUM_FRAMES} dummy"
    (tmp_path / "demo.csv").write_text(f"me 1 talk\n{line}\n")
    weights = write_narrow_weights(tmp_path / "narrow.safetensors")
    code, said, err = run(
        "--model=PC_AVS",
        "--dataset=PC_AVSDataset",
        f"--dataset.folder={tmp_path}",
        f"--evaluate_model_file={weights}",
        "--evaluate.metrics=PSNR",
    )
    assert code == 1
    assert "PSNR" in said
    assert "1 of 2 clips could not be scored" in err
    name = "id_me_pose_talk_audio_talk"
    with (only_run() / "per_clip.csv").open() as file:
        rows = {row["clip"]: row for row in csv.DictReader(file) if row["subject"] == "method"}
    assert rows[name]["video"] == f"{name}.mp4"
    # The smaller of the method's 112 px and the files' 224.
    assert (rows[name]["width"], rows[name]["num_frames"]) == ("112", str(NUM_FRAMES))
    assert "demo.csv:1: 3 fields instead of 8" in rows["demo_line_1"]["failure"]
    (results,) = (only_run() / "results").iterdir()
    assert results.name == name
    assert len(open_frames(results / "avconcat.mp4")) == NUM_FRAMES
    assert (results / "G_Pose_Driven_.mp4").is_file()
