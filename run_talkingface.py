"""Train, run and score talking heads: ``python run_talkingface.py --help``."""

import sys

from talkingface.cli import main

if __name__ == "__main__":
    sys.exit(main())
