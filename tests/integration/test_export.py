"""Networks as files of ONNX compute what torch does, for any batch.

Slow but for what is said: torch's exporter takes ten seconds to import, and some for each network.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from talkingface.cli import main
from talkingface.engine import carry_out
from talkingface.engine.build import load_model
from talkingface.engine.onnx_files import LARGEST_DIFFERENCE, Written, write_onnx
from talkingface.errors import PluginError, RunError, UsageError
from talkingface.models.base import Export, TalkingFaceModel
from tests.narrow_pc_avs import narrow_pc_avs
from tests.unit.models.pc_avs.tiny_voice import tiny_voice_model
from tests.unit.models.pd_fgc.narrow import narrow_model as narrow_pd_fgc


class Whole(TalkingFaceModel):
    """A method whose parts a test chooses."""

    def __init__(self, parts: dict[str, Export], settings) -> None:
        super().__init__(settings)
        self._parts = parts

    def exports(self):
        return self._parts

    def generate(self, job):
        raise AssertionError("never asked for")


def run(path: Path, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path)).run(None, inputs)


@pytest.mark.slow
def test_a_narrow_pc_avs_draws_the_same_from_its_files_alone(tmp_path: Path) -> None:
    model = narrow_pc_avs(noise="fixed")
    written = list(write_onnx(model, tmp_path / "onnx", {"weights": "drawn"}))
    assert [one.name for one in written] == [
        "identity_encoder",
        "speech_encoder",
        "pose_encoder",
        "generator",
    ]
    assert max(one.difference for one in written) < LARGEST_DIFFERENCE / 10
    random = np.random.default_rng(0)
    portraits = random.uniform(-1, 1, (4, 1, 3, 112, 112)).astype(np.float32)
    mels = random.uniform(-1, 1, (4, 80, 20)).astype(np.float32)
    files = {one.name: one.path for one in written}
    identity, start = run(files["identity_encoder"], {"portraits": portraits})
    (mouth,) = run(files["speech_encoder"], {"mels": mels})
    (pose,) = run(files["pose_encoder"], {"pictures": portraits[:, 0]})
    named = {"identity": identity, "mouth": mouth, "pose": pose, "start": start}
    (drawn,) = run(files["generator"], named)
    network = model.network
    noise = network.generator.draw_noise(torch.Generator().manual_seed(model.settings.noise_seed))
    with torch.no_grad():
        seen = torch.from_numpy(portraits)
        wanted = network.draw(
            network.identify(seen),
            network.mouth_codes(torch.from_numpy(mels)),
            network.pose_codes(seen[:, 0]),
            noise,
        )
    assert drawn.std() > 0.01  # it draws something
    np.testing.assert_allclose(drawn, wanted.numpy(), atol=1e-5)  # float32, four networks


@pytest.mark.slow
def test_a_face_from_a_voice_is_exported_too(tmp_path: Path) -> None:
    written = {one.name: one.path for one in write_onnx(tiny_voice_model(), tmp_path, {})}
    assert len(written) == 4
    sizes = {name: path.stat().st_size for name, path in written.items()}
    assert sizes["speech_encoder"] < sum(sizes.values()) / 2  # a file holds its own tensors alone


@pytest.mark.slow
def test_the_networks_of_pd_fgc_can_be_exported(tmp_path: Path) -> None:
    model = narrow_pd_fgc()
    network, two = model.network, (2,)

    def motion(pictures):
        return network.motion_encoder.motion(network.motion_encoder(pictures))

    seen = torch.zeros(*two, 3, 64, 64)
    width = motion(seen).shape[1]
    who = network.appearance_encoder(seen[:, None])

    def drawn(appearance, start, codes):
        return network.generator(torch.cat([appearance, codes], dim=1), start)

    start = torch.zeros(*two, *who.start.shape[1:])
    vectors = {"appearance": torch.zeros_like(who.vector), "start": start}
    parts = {
        "motion_encoder": Export(motion, network.motion_encoder, {"pictures": seen}, ("m",), ""),
        "speech_encoder": Export(
            network.lip_codes, network, {"mels": torch.zeros(*two, 80, 20)}, ("lips",), ""
        ),
        "generator": Export(
            drawn,
            network.generator,
            {**vectors, "motion": torch.zeros(*two, width)},
            ("pictures",),
            "",
        ),
    }
    written = list(write_onnx(Whole(parts, model.settings), tmp_path, {}))
    assert len(written) == 3


@pytest.mark.slow
def test_the_command_line_says_how_far_each_file_is_from_torch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import onnx

    folder = tmp_path / "onnx"
    assert main(["export", str(folder), "--model=Loud_Mouth"]) == 0
    assert "open_mouth.onnx: at most" in capsys.readouterr().out
    file = onnx.load(str(folder / "open_mouth.onnx"))
    said = {one.key: one.value for one in file.metadata_props}
    assert said["weights"] == "demo weights (small, trained on SynthTalk)"
    assert said["model"] == "Loud_Mouth"
    assert [one.type.tensor_type.shape.dim[0].dim_param for one in file.graph.input] == [
        "batch"
    ] * 2
    assert main(["export", str(folder), "--model=Loud_Mouth"]) == 1
    assert "open_mouth.onnx" in capsys.readouterr().err  # nothing is replaced


@pytest.mark.slow
def test_a_file_that_computes_something_else_is_not_written(tmp_path: Path) -> None:
    layer, calls = nn.Linear(3, 3), []

    def changing(x):
        calls.append(x)
        return layer(x) + 1e-3 * len(calls)

    export = Export(changing, layer, {"x": torch.zeros(2, 3)}, ("y",), "")
    with pytest.raises(RunError, match=r"part is not written: ONNX Runtime's result is \d"):
        list(write_onnx(Whole({"part": export}, narrow_pc_avs().settings), tmp_path, {}))
    assert list(tmp_path.iterdir()) == []


def test_every_example_goes_through_its_network_and_the_batch_is_first() -> None:
    """Quick: no file is written."""
    models = [narrow_pc_avs(), narrow_pc_avs(noise="random", references=3), tiny_voice_model()]
    for model in models:
        for export in model.exports().values():
            with torch.no_grad():
                found = export.compute(*export.inputs.values())
            found = found if isinstance(found, tuple) else (found,)
            assert len(found) == len(export.outputs)
            assert {len(one) for one in (*found, *export.inputs.values())} == {2}


def test_what_cannot_be_exported_is_a_sentence(tmp_path: Path, monkeypatch) -> None:
    from talkingface.config.settings import Settings
    from talkingface.plugins import discover

    still = load_model(discover().models.get("Still_Portrait"), Settings()).model
    with pytest.raises(UsageError, match="has no parts that can be exported"):
        list(write_onnx(still, tmp_path, {}))
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(PluginError, match=r"Export needs onnx.*pip install"):
        list(write_onnx(narrow_pc_avs(), tmp_path, {}))
    monkeypatch.chdir(tmp_path)
    assert main(["export", "--model=Loud_Mouth"]) == 2
    assert list(tmp_path.glob("runs/*")) == []
    assert main(["export", "one", "two", "--model=Loud_Mouth"]) == 2


def test_without_a_folder_the_files_go_to_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def written(model: nn.Module, folder: Path, about: dict[str, str]) -> Iterator[Written]:
        folder.mkdir()
        (folder / "part.onnx").write_text(about["model"])
        yield Written("part", folder / "part.onnx", 1e-6)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(carry_out, "write_onnx", written)
    assert main(["export", "--model=Loud_Mouth"]) == 0
    (file,) = Path().rglob("part.onnx")
    assert file.parent.parent.name.endswith("-Loud_Mouth-onnx")
    assert capsys.readouterr().out.startswith(f"{file}: at most 1.0e-06 from torch")
