"""Compares what happens inside a network with what was recorded inside the published one."""

from contextlib import ExitStack

import numpy as np

from tests.parity.pc_avs.published_numbers import FEATURE_TOLERANCE


class RecordedLayers:
    """Watches the modules that a golden has numbers of, while the network runs once."""

    def __init__(self, network, goldens, own_name=lambda name: name):
        self.goldens = goldens
        self.outputs = {}
        own = dict(network.named_modules())
        self.watched = {
            name: own[own_name(name)] for name in goldens["layers_name"] if own_name(name) in own
        }
        self.hooks = ExitStack()

    def __enter__(self):
        for name, module in self.watched.items():
            self.hooks.enter_context(
                module.register_forward_hook(
                    lambda _module, _inputs, output, name=name: self.keep(name, output)
                )
            )
        return self

    def keep(self, name, output):
        self.outputs[name] = output.numpy().ravel().copy()

    def __exit__(self, *error):
        self.hooks.close()

    def assert_close(self, at_least):
        """Compare mean, deviation, extremes and 16 values of each layer, relative to deviation."""
        assert len(self.outputs) >= at_least
        for name, stats, probe in zip(
            *(self.goldens[f"layers_{part}"] for part in ("name", "stats", "probe")), strict=True
        ):
            if name in self.outputs:
                ours = self.outputs[name]
                tolerance = FEATURE_TOLERANCE * stats[1]
                figures = (ours.mean(dtype=np.float64), ours.std(), ours.min(), ours.max())
                np.testing.assert_allclose(figures, stats, rtol=0, atol=tolerance, err_msg=name)
                where = np.linspace(0, len(ours) - 1, 16).astype(np.int64)
                np.testing.assert_allclose(ours[where], probe, rtol=0, atol=tolerance, err_msg=name)
