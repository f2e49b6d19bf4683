"""What a frame costs, beside a plain program: ``python benchmarks/inference.py --model PC_AVS``.

Networks have the published sizes and drawn weights; one person speaks, and one video drives all
that the method takes from videos. The plain program (`plain.py`) and ours draw by turns in one
process. A job of ours is timed whole, with all that it computes once a video. GFLOP are those of
convolutions and products, counted as they run (a multiplication and an addition are two), and the
peak is what the machine reaches with a convolution of 3x3, 512 channels and 56 px. Memory is the
most that a process of its own has at any time: of ours, the command `generate`. Of each side the
parts are `frame_cost.py`. Let nothing else run meanwhile.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

MODELS = ("PC_AVS", "PD_FGC", "Rhythmic_Head_Motion")


def main() -> None:
    """Run each step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=MODELS, required=True)
    parser.add_argument("--profile", choices=("exact", "fast"), default="exact")
    parser.add_argument("--frames", type=int, default=100, help="of a job of ours")
    parser.add_argument("--plain_frames", type=int, default=8, help="of the plain program")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for step in ("make", "compare", "draw_plain", "draw_ours"):
            given = (words.model, words.profile, str(words.frames), str(words.plain_frames))
            line = [sys.executable, "-m", "benchmarks.frame_cost", step, folder, *given]
            subprocess.run(line, cwd=Path(__file__).parent.parent, check=True)


if __name__ == "__main__":
    main()
