"""Our discriminator against the published one."""

import numpy as np
import torch

from talkingface.models.rhythmic_head_motion.discriminator import adversary, judged
from talkingface.models.rhythmic_head_motion.generator import Source
from talkingface.models.rhythmic_head_motion.weights import discriminator_weights
from tests.parity.rhythmic_head_motion.recipe import HERE, bounded, inputs, shapes_in


def test_the_judgement_is_the_originals() -> None:
    golden = np.load(HERE / "discriminator.npz")
    network = adversary().discriminator.eval()
    published = bounded(shapes_in("discriminator_names.json"))
    network.load_state_dict(discriminator_weights(published), strict=True)
    x = inputs(num_references=1, batch=1, size=128)
    reference = Source(x["reference_label"], x["reference_picture"])
    with torch.no_grad():
        (judgement,) = network(judged(reference, x["target_label"], x["ani_picture"]))
    tolerance = 1e-5  # float32, 6 layers, values of a few units
    for index, features in enumerate(judgement.features):
        thin = features[:, :: features.shape[1] // 16, ::4, ::4].numpy()
        np.testing.assert_allclose(thin, golden[f"feat_{index}"], rtol=0, atol=tolerance)
    prediction = judgement.prediction.numpy()
    np.testing.assert_allclose(prediction, golden["pred"], rtol=0, atol=tolerance)
