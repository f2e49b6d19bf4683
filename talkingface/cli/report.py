"""The verb `report`: one page from a run, or from several beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from talkingface.cli.call import Call
from talkingface.errors import UsageError


@dataclass(frozen=True)
class ReportOptions:
    """Where the page goes."""

    out: str | None = None
    """Page to write; none for report.html in the run, or a new page beside the first of several."""


def report(call: Call) -> int:
    """Write the page, and print where it is."""
    options = call.options()
    assert isinstance(options, ReportOptions)
    runs = [Path(word) for word in call.arguments.words]
    if not runs:
        raise UsageError("Name the folder of a run, or of several: report runs/first runs/second.")
    if options.out is not None:
        return _write(runs, Path(options.out), overwrite=False)
    return report_run(runs[0]) if len(runs) == 1 else compare_runs(runs)


def report_run(run: Path) -> int:
    """Write the page of a run into its folder, in place of an earlier one; print where it is."""
    from talkingface.report.report import FILE

    return _write([run], run / FILE, overwrite=True)


def compare_runs(runs: Sequence[Path]) -> int:
    """Write a new page beside the first of several runs, and print where it is."""
    time = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    return _write(runs, runs[0].parent / f"{time}-comparison.html", overwrite=False)


def _write(runs: Sequence[Path], page: Path, *, overwrite: bool) -> int:
    from talkingface.report.report import write_report

    write_report(runs, page, overwrite=overwrite)
    print(f"Report:  {page}")
    return 0
