"""The part of the page on which reports of past runs are opened."""

from pathlib import Path
from typing import Any

import gradio as gr

from talkingface.web.past_runs import framed, names

NONE = "There is no report yet. `evaluate` leaves one in the folder of each run."


class ReportsTab:
    """Lays out the list of runs and the frame of a report.

    Args:
        tab: what it stands in; each time it is opened, new runs are looked for.
        runs: the folder of past runs.
    """

    def __init__(self, tab: Any, runs: Path) -> None:
        self._runs = runs
        self.run = gr.Dropdown([], value=None, label="Run")
        self.none = gr.Markdown(NONE, visible=False)
        self.report = gr.HTML("")
        self.run.change(self.opened, self.run, self.report, api_visibility="private")
        tab.select(self.found, None, [self.run, self.none], api_visibility="private")

    def found(self) -> list[Any]:
        """Return the list of the runs that have a report now, and the word that there is none."""
        found = names(self._runs)
        return [gr.update(choices=found, visible=bool(found)), gr.update(visible=not found)]

    def opened(self, name: str | None) -> str:
        """Return the report of a run."""
        return framed(self._runs, name)
