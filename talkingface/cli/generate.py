"""The verb `generate`: a portrait speaks."""

import csv
import io
import logging

from talkingface.cli.call import Call
from talkingface.errors import RunError

logger = logging.getLogger(__name__)


def generate(call: Call) -> int:
    """Make the video, or the videos of a list of jobs, and print where they are."""
    from pathlib import Path

    from talkingface.engine.build import build_model
    from talkingface.engine.generator import check_controls, check_placing, failures_of
    from talkingface.engine.generator import generate as make
    from talkingface.engine.panels import PANELS_FOLDER
    from talkingface.engine.progress import progress
    from talkingface.engine.ranks import Ranks
    from talkingface.engine.requests import requests_of
    from talkingface.storage.atomic import write_text

    asked = call.asked
    spec, settings = asked.video_model(), asked.settings
    check_placing(settings.generate, spec)
    looked_at = requests_of(settings.generate, Path(), needs_portrait=spec.needs_portrait)
    check_controls(looked_at, spec, asked.registry.models)
    ranks = Ranks()
    run = asked.new_run(ranks, "generate")
    requests = requests_of(settings.generate, run.videos, needs_portrait=spec.needs_portrait)
    with run.logging(), progress("generating") as step:
        built = build_model(spec, settings)
        logger.info("%s with %s.", spec.name, built.weights)
        built.warn_of_photographs(spec)
        if not spec.needs_portrait and any(one.sources for one in requests):
            logger.warning("%s finds a face of its own: portraits are not looked at.", spec.name)
        shares, panels = ranks.share(requests), run.path / PANELS_FOLDER
        made = make(built.model, shares, settings, panels, step)
    made = ranks.merged(made)
    if not ranks.is_first:
        return 0
    if panels.is_dir():
        logger.info("What is shown beside the videos is in %s.", panels)
    for one in made:
        if one.video:
            print(f"{one.video}{' (was there)' if one.was_there else ''}")
    if failures := failures_of(made):
        table = io.StringIO()
        csv.writer(table).writerows([("job", "reason"), *failures.items()])
        write_text(run.path / "failures.csv", table.getvalue())
        raise RunError(
            f"{len(failures)} of {len(made)} videos could not be made; the reasons are in "
            f"{run.path / 'failures.csv'}."
        )
    return 0
