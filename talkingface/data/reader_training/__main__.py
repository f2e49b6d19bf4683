"""The two commands: teach a reader, and measure one."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from talkingface.data.reader_training.accuracy import (
    accuracy_on_clips,
    accuracy_on_material,
    as_table,
)
from talkingface.data.reader_training.material import FIRST_PERSON, drawn_material
from talkingface.data.reader_training.training import trained
from talkingface.data.synth.corpus import load_split
from talkingface.errors import TalkingFaceError
from talkingface.face.reader import open_reader, write_reader

logger = logging.getLogger(__name__)

FIRST_UNSEEN_PERSON = FIRST_PERSON + 90_000
UNSEEN_PEOPLE = range(FIRST_UNSEEN_PERSON, FIRST_UNSEEN_PERSON + 200)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        arguments.command(arguments)
    except TalkingFaceError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return error.exit_code
    return 0


def train(arguments: argparse.Namespace) -> None:
    """Draw people, learn from them, write the weights."""
    people = range(FIRST_PERSON, FIRST_PERSON + arguments.people)
    logger.info("Drawing %d people, %d pictures of each.", len(people), arguments.pictures)
    material = drawn_material(people, arguments.pictures, arguments.workers)
    write_reader(trained(material, arguments.steps, arguments.seed), arguments.weights)
    logger.info("The reader is in %s.", arguments.weights)


def measure(arguments: argparse.Namespace) -> None:
    """Say how exact the weights are on the test split of a corpus, and on harder pictures."""
    reader = open_reader(arguments.weights)
    drawn = drawn_material(UNSEEN_PEOPLE, pictures_each=4, workers=arguments.workers)
    table = as_table(
        {
            "test split": accuracy_on_clips(reader, load_split(arguments.corpus, "test")),
            "harder pictures": accuracy_on_material(reader, drawn),
        }
    )
    logger.info("%s", table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(required=True)
    teach = commands.add_parser("train", help=train.__doc__)
    teach.set_defaults(command=train)
    teach.add_argument("--people", type=int, default=2000, help="people to learn from")
    teach.add_argument("--pictures", type=int, default=10, help="pictures of each person")
    teach.add_argument("--steps", type=int, default=3000, help="batches of 64 to learn from")
    teach.add_argument("--seed", type=int, default=0, help="of the weights and the batches")
    check = commands.add_parser("measure", help=measure.__doc__)
    check.set_defaults(command=measure)
    check.add_argument("--corpus", type=Path, required=True, help="folder of a SynthTalk corpus")
    for command in (teach, check):
        command.add_argument("--weights", type=Path, required=True, help="file of the weights")
        command.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, help="processes that draw"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
