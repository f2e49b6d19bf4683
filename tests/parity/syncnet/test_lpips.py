"""Our LPIPS against the `lpips` package 0.1.4: its heads over backbones that anyone can make."""

import numpy as np
import pytest
import torch

from talkingface.errors import CheckpointError
from talkingface.metrics.base import MetricUnavailableError, Networks, Pair, View
from talkingface.metrics.lpips import LPIPS, LPIPSVGG, load_lpips, lpips
from tests.parity.syncnet.inputs import GOLDEN, HERE, degraded_pictures, filled

PICTURES = degraded_pictures()
CLEAN = PICTURES["same"][None]


def weights(backbone):
    heads = np.load(HERE / f"lpips_{backbone}_heads.npz")
    tensors = {name: torch.from_numpy(heads[name]) for name in heads}
    return filled(f"lpips_{backbone}_backbone.json"), tensors


@pytest.fixture(scope="module")
def network():
    return load_lpips(*weights("alex"))


def layers(network, name):
    pictures = [torch.from_numpy(p.copy()).permute(0, 3, 1, 2) for p in (CLEAN, pictured(name))]
    with torch.inference_mode():
        return network(*(p / 127.5 - 1 for p in pictures))[0].numpy()


def pictured(name):
    return PICTURES[name][None]


# float32; a sum over up to 3136 places of differences of unit vectors
CLOSE = {"rtol": 2e-5, "atol": 1e-9}


@pytest.mark.parametrize("name", PICTURES)
def test_each_layer_is_that_of_the_package(network, name):
    golden = GOLDEN["lpips"]["alex"][name]
    ours = layers(network, name)
    np.testing.assert_allclose(ours, golden["layers"], **CLOSE)
    np.testing.assert_allclose(ours.sum(), golden["total"], **CLOSE)


def test_each_layer_is_that_of_the_package_with_vgg():
    vgg = load_lpips(*weights("vgg"), "vgg")
    np.testing.assert_allclose(
        layers(vgg, "noise20"), GOLDEN["lpips"]["vgg"]["noise20"]["layers"], **CLOSE
    )


def test_distance_is_symmetric(network):
    there = lpips(network, CLEAN, pictured("noise20"))
    back = lpips(network, pictured("noise20"), CLEAN)
    assert there == pytest.approx(back, rel=1e-6)


def test_the_clip_is_the_mean_of_its_frames_however_it_is_cut():
    frames = np.stack([PICTURES[name] for name in ("noise5", "blur9", "noise50")])
    clean = np.repeat(CLEAN, 3, axis=0)
    backbone, heads = weights("alex")
    make = LPIPS.maker(Networks({"lpips_alexnet": backbone, "lpips_heads": heads}))
    whole, parts = make(), make()
    whole.update(Pair(View(frames), View(clean)))
    for part in (slice(0, 1), slice(1, 3)):
        parts.update(Pair(View(frames[part]), View(clean[part])))
    golden = [GOLDEN["lpips"]["alex"][name]["total"] for name in ("noise5", "blur9", "noise50")]
    assert whole.compute() == pytest.approx(np.mean(golden), rel=1e-5)
    assert parts.compute() == pytest.approx(whole.compute(), rel=1e-6)


def test_a_classifier_behind_the_backbone_is_ignored_and_other_heads_are_refused():
    backbone, heads = weights("alex")
    load_lpips(backbone | {"classifier.1.weight": torch.zeros(2)}, heads)
    with pytest.raises(CheckpointError, match="The heads of LPIPS lack lin0"):
        load_lpips(backbone, {})
    with pytest.raises(CheckpointError, match="of another shape"):
        load_lpips(backbone, weights("vgg")[1])


def test_pictures_that_leave_no_features_are_refused(network):
    with pytest.raises(MetricUnavailableError, match="these have 224 x 40"):
        lpips(network, CLEAN[:, :40], CLEAN[:, :40])


def test_both_backbones_are_declared_with_their_weights():
    assert LPIPS.weights == ("lpips_alexnet", "lpips_heads")
    assert LPIPSVGG.weights == ("lpips_vgg16", "lpips_vgg_heads")


def test_the_package_itself_gives_the_same_number():
    package = pytest.importorskip("lpips", reason="lpips needs torchvision, not installed here")
    theirs = package.LPIPS(net="alex", pnet_rand=True, verbose=False).eval()
    ours = load_lpips(
        {f"features.{k.split('.', 2)[2]}": v for k, v in theirs.net.state_dict().items()},
        {k: v for k, v in theirs.state_dict().items() if k.startswith("lin")},
    )
    pictures = [torch.from_numpy(p.copy()) for p in (CLEAN, pictured("noise20"))]
    inputs = [p.permute(0, 3, 1, 2) / 127.5 - 1 for p in pictures]
    with torch.inference_mode():
        assert ours(*inputs).sum().item() == pytest.approx(theirs(*inputs).item(), rel=1e-5)
