"""A page offers what can be used here, and of each method what it declares."""

from pathlib import Path

from talkingface.engine.found_weights import find_weights
from talkingface.plugins import discover
from talkingface.web.methods import offers


def test_what_is_offered_can_be_made_here(slow_method: str) -> None:
    found = offers(discover([Path(slow_method)]))
    assert "Loud_Mouth (demo weights)" in found
    assert "Mesh_Warp" in found  # it needs none
    assert "Slow" in found
    registry = discover()
    for title, offer in found.items():
        assert offer.title == title
        if offer.kind:
            assert find_weights(registry.models.get(offer.name), offer.weights) is not None
    assert not any(one.name == "SyncNet" for one in found.values())  # it makes no videos


def test_an_offer_is_what_the_method_declares(slow_method: str) -> None:
    found = offers(discover([Path(slow_method)]))
    mouth, still, slow = (
        found[name] for name in ("Loud_Mouth (demo weights)", "Still_Portrait", "Slow")
    )
    assert (mouth.controls, mouth.can_align, mouth.needs_portrait) == (("lip",), True, True)
    assert still.controls == ()
    assert mouth.about.endswith(
        "**Demo weights know drawn faces alone: a photograph will look wrong."
        " For one choose published weights, where they are offered, or Mesh_Warp.**"
    )
    assert [one.about for one in (still, slow)] == [one.sentence for one in (still, slow)]
    assert (slow.controls, slow.angles) == (("lip", "pose"), {"pose"})
    assert not found["Mesh_Warp"].can_align  # it moves the face within the whole picture
    assert len(next(iter(found.values())).controls) == max(
        len(one.controls) for one in found.values()
    )


def test_angles_are_offered_with_weights_that_know_them(checkpoints: Path) -> None:
    folder = checkpoints / "PD_FGC"
    folder.mkdir()
    (folder / "published.safetensors").write_bytes(b"")
    assert offers(discover())["PD_FGC (published weights)"].angles == set()
    (folder / "demo.safetensors").write_bytes(b"")
    found = offers(discover())
    assert found["PD_FGC (demo weights)"].angles == {"pose", "gaze"}
    assert found["PD_FGC (published weights)"].angles == set()
    assert found["Mesh_Warp"].angles == {"pose"}


def test_a_method_without_weights_is_not_offered(checkpoints: Path) -> None:
    names = {one.name for one in offers(discover()).values()}
    assert "Mesh_Warp" in names
    assert not {"PC_AVS", "PD_FGC", "Rhythmic_Head_Motion"} & names
