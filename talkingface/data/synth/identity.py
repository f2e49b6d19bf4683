"""Who a synthetic person is: the shape of the head, its colours, hair, glasses and clothes.

A person is a number. The same number gives the same person on every machine, whatever else is
drawn, because each person has a random generator of their own.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from talkingface.data.synth.palette import (
    BACKGROUNDS,
    CLOTHES,
    EYES,
    FRAMES,
    GREY_HAIR,
    HAIR,
    SKIN,
    Colour,
    between,
    jittered,
)

HairStyle = Literal[
    "bald", "buzz", "short", "side_part", "quiff", "afro", "bob", "fringe_bob", "long", "bun"
]
Beard = Literal["none", "stubble", "moustache", "goatee", "full"]
Clothing = Literal["crew_neck", "v_neck", "shirt", "turtleneck"]
Glasses = Literal["none", "round", "square"]


@dataclass(frozen=True)
class FaceShape:
    """Proportions of a head; 1 is the middle of all people unless the name says otherwise."""

    masculine: float  # 0 to 1: brow ridge, jaw, brows, lips and voice go with it
    age: float  # 0 young, 1 old
    face_width: float
    jaw_width: float
    chin_width: float
    chin_length: float
    forehead: float
    cheekbones: float
    eye_distance: float
    eye_size: float
    eye_height: float
    eye_tilt: float  # radians, outer corner up
    lid_fold: float  # 0 hooded, 1 a wide upper lid
    nose_length: float
    nose_width: float
    nose_height: float
    nose_tip: float  # head units by which the tip looks up
    mouth_width: float
    upper_lip: float
    lower_lip: float
    brow_thickness: float
    brow_height: float
    brow_arch: float
    ear_size: float
    neck_width: float


@dataclass(frozen=True)
class Look:
    """Colours and styles of one person."""

    skin: Colour
    lip: Colour
    hair: Colour
    brow: Colour
    iris: Colour
    hair_style: HairStyle
    hair_volume: float
    parting: float  # -1 left, 1 right
    beard: Beard
    freckles: int
    glasses: Glasses
    glasses_colour: Colour
    clothing: Clothing
    clothing_colour: Colour
    background: tuple[Colour, Colour]  # above, below
    light: tuple[float, float, float]  # direction to the key light: right, down, towards the viewer
    light_strength: float


@dataclass(frozen=True)
class Identity:
    """One synthetic person. The voice is drawn from the same number (`voice.speaker_of`)."""

    number: int
    shape: FaceShape
    look: Look

    @property
    def name(self) -> str:
        """Return the identity as manifests write it."""
        return f"person_{self.number:06d}"


@lru_cache(maxsize=256)
def person(number: int) -> Identity:
    """Return the person with this number.

    >>> person(7) == person(7), person(7) == person(8)
    (True, False)
    """
    rng = np.random.default_rng([0x5EED, number])
    shape = _draw_shape(rng)
    return Identity(number, shape, _draw_look(rng, shape))


def person_named(name: str) -> Identity:
    """Return the person whom manifests and clips call `name`.

    >>> person_named(person(7).name).number
    7
    """
    return person(int(name.removeprefix("person_")))


def _draw_shape(rng: np.random.Generator) -> FaceShape:
    masculine = float(np.clip(rng.normal(rng.choice((0.15, 0.85)), 0.12), 0, 1))
    age = float(rng.beta(1.3, 2.2))

    def around(middle: float, spread: float) -> float:
        """Draw from a bell curve cut at two deviations."""
        return middle + spread * float(np.clip(rng.normal(), -2, 2))

    return FaceShape(
        masculine=masculine,
        age=age,
        face_width=around(1.0, 0.05),
        jaw_width=around(0.93 + 0.11 * masculine, 0.05),
        chin_width=around(0.85 + 0.3 * masculine, 0.12),
        chin_length=around(0.97 + 0.06 * masculine, 0.05),
        forehead=around(1.0, 0.05),
        cheekbones=around(1.0, 0.3),
        eye_distance=around(1.0, 0.045),
        eye_size=around(1.06 - 0.1 * masculine, 0.07),
        eye_height=around(1.05 - 0.1 * masculine, 0.13),
        eye_tilt=around(0.05, 0.06),
        lid_fold=float(rng.uniform(0.25, 1)),
        nose_length=around(1.0, 0.06),
        nose_width=around(1.0, 0.15),
        nose_height=around(1.0, 0.13),
        nose_tip=around(0.0, 0.02),
        mouth_width=around(1.0, 0.08),
        upper_lip=around(1.1 - 0.3 * masculine, 0.22),
        lower_lip=around(1.1 - 0.22 * masculine, 0.2),
        brow_thickness=around(0.75 + 0.5 * masculine, 0.18),
        brow_height=around(1.1 - 0.2 * masculine, 0.14),
        brow_arch=around(1.2 - 0.5 * masculine, 0.3),
        ear_size=around(0.95 + 0.1 * masculine, 0.08),
        neck_width=around(0.9 + 0.16 * masculine, 0.04),
    )


def _draw_look(rng: np.random.Generator, shape: FaceShape) -> Look:
    tone = float(rng.uniform(0, len(SKIN) - 1))
    skin = jittered(between(SKIN, tone), rng, 5)
    hair = _hair_colour(rng, tone, shape.age)
    rouge = float(rng.uniform(0, 1)) * (1 - shape.masculine)
    iris_choices = len(EYES) if tone < 3 else 3
    style = _hair_style(rng, shape)
    background = jittered(BACKGROUNDS[rng.integers(len(BACKGROUNDS))], rng, 8)
    side = float(rng.uniform(-0.75, 0.75))
    return Look(
        skin=skin,
        lip=_lip_colour(skin, rouge),
        hair=hair,
        brow=_darker(hair, 0.75) if sum(hair) < 420 else _darker(hair, 0.6),
        iris=jittered(EYES[rng.integers(iris_choices)], rng, 10),
        hair_style=style,
        hair_volume=float(rng.uniform(0.7, 1.3)),
        parting=float(rng.choice((-1.0, 1.0))),
        beard=_beard(rng, shape),
        freckles=int(rng.integers(12, 40)) if tone < 2.5 and rng.random() < 0.3 else 0,
        glasses=_pick_glasses(rng),
        glasses_colour=jittered(FRAMES[rng.integers(len(FRAMES))], rng, 6),
        clothing=_pick_clothing(rng),
        clothing_colour=jittered(CLOTHES[rng.integers(len(CLOTHES))], rng, 10),
        background=(background, _darker(background, float(rng.uniform(0.72, 0.95)))),
        light=(side, -float(rng.uniform(0.35, 0.8)), 1.0),
        light_strength=float(rng.uniform(0.85, 1.15)),
    )


def _hair_colour(rng: np.random.Generator, tone: float, age: float) -> Colour:
    fair = tone < 2.8
    hair = jittered(HAIR[rng.integers(len(HAIR) if fair else 3)], rng, 7)
    greying = float(np.clip((age - 0.5) * 2.2 * rng.uniform(0.4, 1.6), 0, 1))
    return between((hair, GREY_HAIR), greying)


def _hair_style(rng: np.random.Generator, shape: FaceShape) -> HairStyle:
    men: tuple[HairStyle, ...] = ("bald", "buzz", "short", "side_part", "quiff", "afro", "short")
    women: tuple[HairStyle, ...] = ("bob", "fringe_bob", "long", "bun", "side_part", "afro", "long")
    styles = men if rng.random() < shape.masculine else women
    return styles[rng.integers(len(styles))]


def _beard(rng: np.random.Generator, shape: FaceShape) -> Beard:
    if rng.random() > (shape.masculine - 0.3) * 1.0:
        return "none"
    beards: tuple[Beard, ...] = ("stubble", "moustache", "goatee", "full")
    return beards[rng.integers(len(beards))]


def _pick_glasses(rng: np.random.Generator) -> Glasses:
    choices: tuple[Glasses, ...] = ("round", "square")
    return choices[rng.integers(2)] if rng.random() < 0.22 else "none"


def _pick_clothing(rng: np.random.Generator) -> Clothing:
    choices: tuple[Clothing, ...] = ("crew_neck", "v_neck", "shirt", "turtleneck")
    return choices[rng.integers(len(choices))]


def _lip_colour(skin: Colour, rouge: float) -> Colour:
    natural = (skin[0] * 0.86 + 12, skin[1] * 0.66, skin[2] * 0.68)
    painted = (skin[0] * 0.5 + 92, skin[1] * 0.34 + 14, skin[2] * 0.36 + 22)
    return between((natural, painted), rouge)


def _darker(colour: Colour, factor: float) -> Colour:
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)
