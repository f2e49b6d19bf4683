"""The part of the page on which two methods make a video of the same person and speech."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from talkingface.web.folder import one_job
from talkingface.web.inputs import (
    Given,
    PersonInputs,
    driver_input,
    path_of,
    seed_input,
    seed_of,
)
from talkingface.web.methods import Offer
from talkingface.web.showing import command_part, done_line, progress_line, work_on_press
from talkingface.web.wish import Wish
from talkingface.web.workshop import Workshop

SIDES = ("first", "second")


class CompareTab:
    """Lays out the parts, and says what happens when a button is pressed."""

    def __init__(self, offers: Mapping[str, Offer], workshop: Workshop, private: Path) -> None:
        self._offers, self._workshop, self._private = offers, workshop, private
        titles = list(offers)
        with gr.Row():
            self.methods = [
                self._method(titles, min(side, len(titles) - 1), f"The {name}")
                for side, name in enumerate(SIDES)
            ]
        with gr.Row():
            with gr.Column():
                self.person = PersonInputs.laid_out(private, self.methods[0], offers)
            with gr.Column():
                self.head = driver_input("Head: driving video, for those that follow one")
                self.align = gr.Checkbox(
                    label="A photograph: cut the face out, and put it back when it speaks"
                )
                self.seed = seed_input()
        with gr.Row():
            self.start = gr.Button("Make both", variant="primary")
            self.stop = gr.Button("Stop")
        self.status = gr.HTML(done_line("Both get the same portrait, speech and seed."))
        with gr.Row():
            self.videos = [
                gr.Video(label=f"By the {name}", interactive=False, buttons=["download"])
                for name in SIDES
            ]
        self.commands = [command_part(f"How the {name} was made") for name in SIDES]
        self._listen()

    def _method(self, titles: list[str], chosen: int, label: str) -> Any:
        """Lay out where a method is chosen, above what is to be known of it."""
        with gr.Column():
            method = gr.Dropdown(titles, value=titles[chosen], label=label)
            about = gr.Markdown(self._offers[titles[chosen]].about)
        method.change(self.about, method, about, api_visibility="private")
        return method

    def about(self, title: str) -> str:
        """Return what is to be known of the method of this title."""
        return self._offers[title].about

    def _listen(self) -> None:
        person = [self.person.portrait, self.person.speech]
        work_on_press(
            self.start,
            self.stop,
            self.made,
            {*self.methods, *person, self.head, self.align, self.seed},
            [self.status, *self.videos, *self.commands],
        )

    def made(self, given: Given) -> Iterator[Any]:
        """Make one video after the other, and yield how far they are, and each when it is done."""
        wishes = [self.wish(given, given[method]) for method in self.methods]
        shown: dict[Any, Any] = dict.fromkeys(self.videos)
        shown |= {part: gr.update(visible=False) for part in self.commands}
        with one_job(self._private) as folder:
            for side, wish in enumerate(wishes):
                out = folder / SIDES[side] / wish.out
                for step in self._workshop.making(wish, out):
                    yield {self.status: progress_line(step, f"{wish.offer.title}: "), **shown}
                    shown = {}
                shown = {
                    self.videos[side]: gr.update(value=str(out), label=wish.offer.title),
                    self.commands[side]: gr.update(value=wish.command(), visible=True),
                }
            yield {self.status: done_line("Done. Both files say that they are synthetic."), **shown}

    def wish(self, given: Given, title: str) -> Wish:
        """Return what is asked of the method of this title."""
        offer = self._offers[title]
        portrait, speech = self.person.of(given, offer)
        head = path_of(given, self.head)
        return Wish(
            offer,
            portrait,
            speech,
            drivers={} if head is None or "pose" not in offer.controls else {"pose": head},
            seed=seed_of(given, self.seed),
            align=bool(given[self.align]),
        )
