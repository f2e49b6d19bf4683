"""What a visitor asks for becomes settings, and a command line that says the same."""

import shlex
from dataclasses import replace
from pathlib import Path

from talkingface.cli.call import Call
from talkingface.web.methods import Offer
from talkingface.web.wish import Wish

OFFER = Offer(
    "Mesh_Warp", "", None, "", ("lip", "pose"), frozenset({"pose"}), True, "whole", has_noise=False
)
WISH = Wish(
    OFFER,
    Path("/private/a1/my face.png"),
    Path("/private/b2/speech.wav"),
    drivers={"pose": Path("/private/c3/nod.mp4"), "gaze": Path("/private/d4/look.mp4")},
    strength={"lip": 1.5, "pose": 0.5, "gaze": 2.0},
    seed=7,
)


def test_only_what_the_method_has_is_passed_on() -> None:
    assert WISH.said() == {
        "model": "Mesh_Warp",
        "source": ("/private/a1/my face.png",),
        "audio": "/private/b2/speech.wav",
        "strength.lip": 1.5,
        "pose": "/private/c3/nod.mp4",
        "strength.pose": 0.5,
        "seed": 7,
    }


def test_angles_count_where_nobody_drives_and_the_method_takes_them() -> None:
    turned = replace(WISH, drivers={}, angles={"pose": (20.0, 0.0, -5.0)})
    assert turned.said()["pose"] == "20,0,-5"
    assert "pose" not in replace(turned, angles={"pose": (0.0, 0.0, 0.0)}).said()
    assert "strength.pose" not in replace(turned, angles={}).said()  # nobody is followed
    no_angles = replace(OFFER, angles=frozenset())
    assert "pose" not in replace(turned, offer=no_angles).said()


def test_a_face_is_cut_out_only_where_it_can_be() -> None:
    assert "align" not in replace(WISH, align=True).said()
    cut = replace(WISH, align=True, offer=replace(OFFER, view="face")).said()
    assert cut["align"] is True
    assert cut["paste_back"] is True


def test_the_seed_also_draws_noise_and_weights_are_named() -> None:
    offer = replace(OFFER, has_noise=True, weights="published", needs_portrait=False)
    said = replace(WISH, offer=offer, portrait=None).said()
    assert said["model.noise_seed"] == said["seed"] == 7
    assert said["evaluate_model_file"] == "published"
    assert "source" not in said


def test_the_command_line_names_the_visitors_own_files_and_says_the_same() -> None:
    command = replace(WISH, mark=True).command()
    assert "/private" not in command
    words = shlex.split(command)
    assert words[:3] == ["python", "run_talkingface.py", "generate"]
    settings = Call.of(words[2:]).resolved.settings
    assert settings.seed == 7
    chosen = settings.generate
    assert (chosen.source, chosen.audio, chosen.out) == (
        ("my face.png",),
        "speech.wav",
        "my face.mp4",
    )
    assert (chosen.pose, chosen.gaze, chosen.mark) == ("nod.mp4", None, True)
    assert chosen.strength == {"lip": 1.5, "pose": 0.5}
