"""Somebody to try a method with: a drawn person of SynthTalk, and what that person says."""

import wave
from pathlib import Path

import numpy as np

from talkingface.data.synth.camera import FRAMINGS, FramingName
from talkingface.data.synth.clips import sixteen_bit
from talkingface.data.synth.factors import neutral_factors
from talkingface.data.synth.identity import person
from talkingface.data.synth.rendering import render
from talkingface.data.synth.speech import spoken_by
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.media import write_picture

PORTRAIT_PX = 256
SECONDS = 4.0


def draw_person(number: int, folder: Path, *, shows: FramingName = "face") -> tuple[Path, Path]:
    """Write the portrait and the speech of a person, and return where they are.

    Args:
        number: which person.
        folder: where the files go.
        shows: how much of the person the portrait shows: as much as the method shall see.
    """
    folder.mkdir(parents=True, exist_ok=True)
    portrait, speech = folder / f"{shows}_{number}.png", folder / f"speech_{number}.wav"
    picture = render(person(number), neutral_factors(1)[0], PORTRAIT_PX, FRAMINGS[shows])
    write_picture(portrait, picture)
    samples = sixteen_bit(spoken_by(number, number, SECONDS, "formant").waveform)
    with wave.open(str(speech), "wb") as sound:
        sound.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", "not compressed"))
        sound.writeframes(np.asarray(samples).tobytes())
    return portrait, speech
