"""Work that is shared by several processes gives the tables of one."""

from pathlib import Path

LAUNCHER = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")


def test_two_processes_evaluate_as_one(start, run, tmp_path: Path) -> None:
    words = ("evaluate", "--model=Still_Portrait", "--dataset=Squares", "--device=cpu")
    assert run(*words)[0] == 0
    (alone,) = (tmp_path / "runs").iterdir()
    process = start(*words, launcher=LAUNCHER)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    (together,) = set((tmp_path / "runs").iterdir()) - {alone}
    assert (together / "per_clip.csv").read_text() == (alone / "per_clip.csv").read_text()
    assert out.count("Still_Portrait on Squares (test):") == 1  # one process speaks for both
    assert len(list((together / "videos").iterdir())) == 3
