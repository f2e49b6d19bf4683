"""Laws of the scores by features, and the shapes of their networks."""

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from talkingface.errors import CheckpointError
from talkingface.metrics.arcface import ArcFace, IdentityEmbedder, Unit, units_in
from talkingface.metrics.base import ClipContext, MetricUnavailableError, Pair, View
from talkingface.metrics.csim import CSIM, CSIMFrame
from talkingface.metrics.frechet import FID, frechet_distance
from talkingface.metrics.inception import BlockE, InceptionFeatures, InceptionV3, _mean_pool
from talkingface.metrics.moments import Moments

rng = np.random.default_rng(2)


def moments(*parts):
    result = Moments()
    for rows in parts:
        result.update(rows)
    return result


def test_moments_are_those_of_all_rows_however_they_come():
    rows = rng.normal(1e6, 1, (50, 4))  # far from zero, where sums of squares lose digits
    one, other = moments(rows[:7], rows[7:8], rows[:0]), moments(rows[8:])
    one.merge(other)
    one.merge(Moments())
    empty = Moments()
    empty.merge(one)
    for result in (one, empty):
        np.testing.assert_allclose(result.mean, rows.mean(axis=0), rtol=1e-14)
        np.testing.assert_allclose(result.covariance(ddof=1), np.cov(rows.T), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(result.deviation(), rows.std(axis=0), rtol=1e-9)


REAL, FAKE = rng.normal(0, 1, (300, 6)), rng.normal(0.2, 1.4, (200, 6))


def distance(fake, real=REAL):
    return frechet_distance(moments(fake), moments(real))


def test_the_distance_of_normal_features_is_known():
    one, other = moments(REAL), moments(REAL * 2 + 3)
    # for C2 = 4 C1 the trace is that of C1 + 4 C1 - 2 · 2 C1 = C1
    apart = REAL.mean(axis=0) + 3
    expected = apart @ apart + np.trace(np.cov(REAL.T))
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-9)


def test_the_distance_is_symmetric_and_knows_no_order_and_no_common_rotation():
    rotation = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    assert distance(FAKE) == pytest.approx(distance(REAL, FAKE), rel=1e-9)
    assert distance(FAKE[::-1]) == pytest.approx(distance(FAKE), rel=1e-9)
    assert distance(FAKE @ rotation, REAL @ rotation) == pytest.approx(distance(FAKE), rel=1e-9)


def test_a_constant_on_one_side_adds_its_square():
    constant = np.arange(6.0)
    assert distance(REAL + constant) == pytest.approx(constant @ constant, rel=1e-9)


def test_features_that_get_worse_are_further_away():
    noise = rng.normal(0, 1, REAL.shape)
    distances = [distance(REAL + amount * noise) for amount in (0, 0.2, 0.5, 2)]
    assert distances == sorted(distances)


def by_mean_color(pictures):
    return pictures.mean(axis=(1, 2)).astype(np.float64)


def pair(count, seed):
    frames = np.random.default_rng(seed).integers(0, 256, (2, count, 4, 4, 3), dtype=np.uint8)
    return Pair(View(frames[0]), View(frames[1]))


def test_parts_of_clips_in_any_order_give_the_distance_of_all():
    alone, merged = FID(by_mean_color), FID(by_mean_color)
    for seed in (1, 2, 3):
        alone.update(pair(5 * seed, seed))
    for seed in (3, 1, 2):
        merged.take(merged.part(pair(5 * seed, seed)))
    assert merged.compute() == pytest.approx(alone.compute(), rel=1e-9)
    assert merged.facts() == {"num_frames": 30, "num_frames_of_real": 30}


def test_windows_of_a_clip_join_to_its_part():
    metric, whole = FID(by_mean_color), pair(6, 1)
    windows = [
        metric.part(Pair(View(whole.generated.frames[rows]), View(whole.reference.frames[rows])))
        for rows in (slice(0, 4), slice(4, 6))
    ]
    for side, features in metric.part(whole).items():
        np.testing.assert_array_equal(np.concatenate([w[side] for w in windows]), features)


def test_one_frame_has_no_covariance_and_no_distance():
    metric = FID(by_mean_color)
    metric.update(pair(1, 0))
    assert np.isnan(metric.compute())


def shapes(network, run):
    """Return the shape that each child of the network gives, without computing a number."""
    seen = {}
    for name, child in network.named_children():
        child.register_forward_hook(
            lambda _, __, out, name=name: seen.__setitem__(name, tuple(out.shape[1:]))
        )
    run()
    return seen


def test_inception_has_the_sizes_of_its_paper():
    with torch.device("meta"):
        network = InceptionV3().eval()
        seen = shapes(network, lambda: network.features(torch.zeros(1, 3, 224, 224)))
    # Szegedy et al. 2016, table 1; the stem has 80 channels where the paper says 80, then 192
    assert seen["Conv2d_2b_3x3"] == (64, 147, 147)
    assert seen["Conv2d_4a_3x3"] == (192, 71, 71)
    assert seen["Mixed_5d"] == (288, 35, 35)
    assert seen["Mixed_6e"] == (768, 17, 17)
    assert seen["Mixed_7a"] == (1280, 8, 8)
    assert seen["Mixed_7c"] == (2048, 8, 8)
    # torchvision's network has 23,834,568 without its helper, and 1000 classes instead of 1008
    assert sum(p.numel() for p in network.parameters()) == 23_834_568 + 8 * 2049
    names = network.state_dict()
    for name in ("Conv2d_1a_3x3.bn.running_var", "Mixed_5b.branch1x1.conv.weight", "fc.bias"):
        assert name in names


@pytest.mark.parametrize(("name", "pool"), [("Mixed_7b", np.mean), ("Mixed_7c", np.max)])
def test_the_last_block_alone_pools_by_the_maximum(name, pool):
    with torch.device("meta"):
        kind = getattr(InceptionV3(), name).pool
    block = BlockE(4, kind).eval()
    pooled = []
    block.branch_pool.register_forward_pre_hook(lambda _, inputs: pooled.append(inputs[0]))
    x = torch.rand(1, 4, 5, 5)
    block(x)
    for row, column in ((0, 0), (2, 3)):  # a corner, where padding must not count, and inside
        around = x[..., max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].numpy()
        expected = pool(around, axis=(2, 3))
        np.testing.assert_allclose(pooled[0][..., row, column], expected, rtol=1e-6)


def test_mean_pools_leave_out_the_padding():
    ones = torch.ones(1, 2, 4, 4)
    assert torch.equal(_mean_pool(ones), ones)


def test_inception_is_shown_pictures_of_299_px_between_minus_one_and_one():
    class SeenError(Exception):
        pass

    shown = []

    def look(_, inputs):
        shown.append(inputs[0])
        raise SeenError

    network = InceptionV3().eval()
    network.Conv2d_1a_3x3.register_forward_pre_hook(look)
    picture = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    with pytest.raises(SeenError):
        InceptionFeatures(network)(picture[None])
    # OpenCV is another maker of the same resize: bilinear, pixel centres at halves, no smoothing
    expected = cv2.resize(picture.astype(np.float32), (299, 299)) / 127.5 - 1
    np.testing.assert_allclose(shown[0][0].permute(1, 2, 0), expected, atol=1e-4)


def test_published_weights_of_another_network_are_refused():
    with pytest.raises(CheckpointError, match="Inception for FID does not fit"):
        InceptionFeatures.from_weights({"conv1.weight": torch.zeros(1)})


@pytest.mark.parametrize(
    # millions of parameters as insightface's model zoo states them
    ("num_units", "millions"),
    [((3, 4, 14, 3), 43.59), ((3, 13, 30, 3), 65.16)],
)
def test_arcface_has_the_sizes_of_its_paper(num_units, millions):
    with torch.device("meta"):
        network = ArcFace(num_units).eval()
        seen = shapes(network, lambda: network(torch.zeros(1, 3, 112, 112)))
    assert [seen[f"layer{i}"] for i in (1, 2, 3, 4)] == [
        (64, 56, 56),
        (128, 28, 28),
        (256, 14, 14),
        (512, 7, 7),
    ]
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.005)
    assert units_in(network.state_dict()) == list(num_units)


def normed(x, norm):
    """Return what a batch norm is by its definition."""
    mean, deviation, gain, shift = (
        one[:, None, None]
        for one in (norm.running_mean, (norm.running_var + 1e-5).sqrt(), norm.weight, norm.bias)
    )
    return (x - mean) / deviation * gain + shift


@pytest.mark.parametrize(("channels", "stride"), [(6, 1), (6, 2), (8, 1)])
def test_a_unit_of_arcface_adds_what_the_paper_says(channels, stride):
    torch.manual_seed(3)
    unit = Unit(6, channels, stride).eval().double()
    for name, tensor in unit.state_dict().items():
        if "num_batches" not in name:
            tensor.uniform_(0.1, 0.9)
    x = torch.randn(2, 6, 8, 8, dtype=torch.float64)
    seen = F.conv2d(normed(x, unit.bn1), unit.conv1.weight, padding=1)
    bent = F.prelu(normed(seen, unit.bn2), unit.prelu.weight)
    added = normed(F.conv2d(bent, unit.conv2.weight, stride=stride, padding=1), unit.bn3)
    kept = x
    if unit.downsample is not None:
        narrow, norm = unit.downsample
        kept = normed(F.conv2d(x, narrow.weight, stride=stride), norm)
    assert (unit.downsample is None) == (channels == 6 and stride == 1)
    # float64 in another order; values are about 100
    torch.testing.assert_close(unit(x), added + kept, rtol=1e-10, atol=1e-10)


@pytest.fixture(scope="module")
def embedder():
    torch.manual_seed(0)
    weights = ArcFace((1, 1, 1, 1)).state_dict()
    old = {name: value for name, value in weights.items() if "num_batches" not in name}
    return IdentityEmbedder.from_weights(old)


def faces(count, seed=0):
    """Return pictures of noise and landmarks that stand still."""
    source = np.random.default_rng(seed)
    frames = source.integers(0, 256, (count, 160, 160, 3), dtype=np.uint8)
    points = np.repeat(np.random.default_rng(9).uniform(40, 120, (1, 68, 2)), count, axis=0)
    return frames, points


def view(frames, points):
    return View(frames, {"landmarks": lambda: points})


def test_a_face_is_its_own_likeness_and_more_so_than_any_other(embedder):
    frames, points = faces(4)
    metric = CSIMFrame(embedder)
    metric.update(Pair(view(frames, points), view(frames, points)))
    assert metric.compute() == pytest.approx(1, abs=1e-6)
    other = CSIMFrame(embedder)
    other.update(Pair(view(frames, points), view(faces(4, seed=1)[0], points)))
    assert other.compute() < 0.999


def test_a_face_that_was_not_found_is_missing(embedder):
    frames, points = faces(3)
    holes = points.copy()
    holes[1] = np.nan
    portrait = view(frames[:1], points[:1])
    metric = CSIM(embedder)
    clip = ClipContext(portrait=portrait)
    metric.update(Pair(view(frames, holes), view(frames, points), clip))
    assert metric.facts() == {"num_frames": 2, "num_missing": 1}
    assert -1 <= metric.compute() <= 1


def test_arcface_is_shown_faces_of_112_px_between_minus_one_and_one():
    shown = []

    class Looks(ArcFace):
        def forward(self, faces):
            shown.append(faces)
            return faces.flatten(1)[:, :512]

    frames, points = faces(1)
    frames[..., 0], frames[..., 1], frames[..., 2] = 255, 0, 51
    IdentityEmbedder(Looks((1, 1, 1, 1)))(view(frames, points))
    middle = shown[0][0, :, 56, 56]  # red, green, blue
    assert shown[0].shape == (1, 3, 112, 112)
    assert middle.tolist() == pytest.approx([1, -1, -0.6])


def test_without_a_portrait_csim_is_unavailable(embedder):
    frames, points = faces(1)
    with pytest.raises(MetricUnavailableError, match="Choose CSIM_frame"):
        CSIM(embedder).update(Pair(view(frames, points), view(frames, points)))
