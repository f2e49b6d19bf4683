"""The verb `generate`: a portrait speaks."""

import csv
import io
import logging

from talkingface.cli.call import Call
from talkingface.cli.runs import new_run
from talkingface.errors import RunError, UsageError

logger = logging.getLogger(__name__)


def generate(call: Call) -> int:
    """Make the video, or the videos of a list of jobs, and print where they are."""
    from pathlib import Path

    from talkingface.engine.build import build_model
    from talkingface.engine.generator import check_controls, failures_of
    from talkingface.engine.generator import generate as make
    from talkingface.engine.panels import PANELS_FOLDER
    from talkingface.engine.progress import progress
    from talkingface.engine.ranks import Ranks
    from talkingface.engine.requests import requests_of
    from talkingface.storage.atomic import write_text

    spec = call.video_model()
    settings = call.resolved.settings
    if settings.generate.paste_back and not settings.generate.align:
        raise UsageError("--paste_back puts back what --align has cut out. Write both.")
    if settings.generate.paste_back and not spec.needs_portrait:
        raise UsageError(
            f"{spec.name} finds a face of its own, so there is no portrait to put it back into. "
            "Leave --paste_back out."
        )
    asked = requests_of(settings.generate, Path(), needs_portrait=spec.needs_portrait)
    check_controls(asked, spec, call.registry.models)
    ranks = Ranks()
    run = new_run(call, call.resolved, ranks, "generate")
    requests = requests_of(settings.generate, run.videos, needs_portrait=spec.needs_portrait)
    with run.logging(), progress("generating") as step:
        built = build_model(spec, settings)
        logger.info("%s with %s.", spec.name, built.weights)
        if not spec.needs_portrait and any(one.sources for one in requests):
            logger.warning("%s finds a face of its own: portraits are not looked at.", spec.name)
        shares, panels = ranks.share(requests), run.path / PANELS_FOLDER
        made = make(built.model, shares, settings.generate, panels, step)
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
