"""The whole page: its three parts, its words and its looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from talkingface.web.compare_tab import CompareTab
from talkingface.web.folder import SECONDS_KEPT
from talkingface.web.make_tab import MakeTab
from talkingface.web.methods import Offer
from talkingface.web.reports_tab import ReportsTab
from talkingface.web.workshop import Workshop

TITLE = "talkingface"
CONSENT = (
    "Make people say only what they have agreed to. What you upload stays on the machine that "
    "serves this page and is deleted after an hour; every video says in its file that it is "
    "synthetic."
)
# Fonts of the visitor's own system: the page asks no other server for anything.
FONTS = {"font": ["system-ui", "sans-serif"], "font_mono": ["ui-monospace", "monospace"]}
STYLE = (Path(__file__).parent / "page.css").read_text("utf-8")


@dataclass(frozen=True)
class Page:
    """The page, and its parts."""

    blocks: Any
    make: MakeTab
    compare: CompareTab
    reports: ReportsTab


def build_page(offers: Mapping[str, Offer], workshop: Workshop, private: Path, runs: Path) -> Page:
    """Return the page.

    Args:
        offers: methods by title.
        workshop: what makes the videos.
        private: the folder for what visitors give and get.
        runs: the folder of past runs.
    """
    # What is older than an hour is looked for every ten minutes.
    cache = (600, SECONDS_KEPT)
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=cache) as blocks:
        gr.Markdown(f"# {TITLE}\n{CONSENT}", elem_classes="consent")
        with gr.Tab("Make a video"):
            make = MakeTab(offers, workshop, private)
        with gr.Tab("Compare two methods"):
            compare = CompareTab(offers, workshop, private)
        with gr.Tab("Reports") as tab:
            reports = ReportsTab(tab, runs)
    return Page(blocks, make, compare, reports)


def theme() -> Any:
    """Return the looks of the page."""
    return gr.themes.Default(**FONTS)
