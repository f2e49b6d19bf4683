"""The part of the page on which one video is made."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from talkingface.web.folder import one_job
from talkingface.web.inputs import (
    Given,
    PersonInputs,
    control_inputs,
    path_of,
    seed_input,
    seed_of,
)
from talkingface.web.methods import Offer
from talkingface.web.showing import command_part, done_line, work_on_press
from talkingface.web.showing import progress_line as line
from talkingface.web.wish import Wish
from talkingface.web.workshop import Workshop


class MakeTab:
    """Lays out the parts, and says what happens when a button is pressed."""

    def __init__(self, offers: Mapping[str, Offer], workshop: Workshop, private: Path) -> None:
        self._offers, self._workshop, self._private = offers, workshop, private
        first = next(iter(offers.values()))
        with gr.Row():
            with gr.Column():
                self.method = gr.Dropdown(list(offers), value=first.title, label="Method")
                self.about = gr.Markdown(first.about)
                self.person = PersonInputs.laid_out(private, self.method, offers)
                self.align = gr.Checkbox(
                    label="A photograph: cut the face out, and put it back when it speaks",
                    visible=first.can_align,
                )
                self.controls = control_inputs(first)
                with gr.Row():
                    self.seed = seed_input()
                    self.mark = gr.Checkbox(label='Write "synthetic" into the picture')
            with gr.Column():
                with gr.Row():
                    self.start = gr.Button("Make the video", variant="primary")
                    self.stop = gr.Button("Stop")
                self.status = gr.HTML(done_line("Give a portrait and a speech."))
                self.video = gr.Video(label="Result", interactive=False, buttons=["download"])
                self.command = command_part("How this was made")
        self._listen()

    def _listen(self) -> None:
        looks = [one for control in self.controls for one in (control.group, control.angles_group)]
        self.method.change(
            self.shown_for,
            self.method,
            [self.about, self.person.portrait, self.align, *looks],
            api_visibility="private",
        )
        of_controls = [one for control in self.controls for one in control.all_inputs()]
        own = [self.method, self.person.portrait, self.person.speech]
        work_on_press(
            self.start,
            self.stop,
            self.made,
            {*own, self.align, self.seed, self.mark, *of_controls},
            [self.status, self.video, self.command],
        )

    def shown_for(self, title: str) -> list[Any]:
        """Return how the parts look for the method of this title."""
        offer = self._offers[title]
        own = [
            offer.about,
            gr.update(visible=offer.needs_portrait),
            gr.update(visible=offer.can_align),
        ]
        return [*own, *(look for control in self.controls for look in control.shown_for(offer))]

    def made(self, given: Given) -> Iterator[Any]:
        """Make the video, and yield how far it is; at the end the video and its command."""
        wish = self.wish(given)
        with one_job(self._private) as folder:
            out = folder / wish.out
            for step in self._workshop.making(wish, out):
                yield line(step), None, gr.update(visible=False)
            command = gr.update(value=wish.command(), visible=True)
            yield done_line("Done. The file says that it is synthetic."), str(out), command

    def wish(self, given: Given) -> Wish:
        """Return what is asked for by what stands in the parts of the page."""
        offer = self._offers[given[self.method]]
        portrait, speech = self.person.of(given, offer)
        drivers = {one.name: path_of(given, one.driver) for one in self.controls}
        return Wish(
            offer,
            portrait,
            speech,
            drivers={name: path for name, path in drivers.items() if path is not None},
            angles={one.name: one.angles_in(given) for one in self.controls},
            strength={one.name: float(given[one.strength]) for one in self.controls},
            seed=seed_of(given, self.seed),
            align=bool(given[self.align]),
            mark=bool(given[self.mark]),
        )
