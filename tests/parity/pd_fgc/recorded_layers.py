"""Keeps what comes out of some modules while a network runs."""

from contextlib import contextmanager


@contextmanager
def recorded(**modules):
    """Yield a dict that fills with the output of each of the modules, by the given names."""
    outputs = {}

    def keeper(name):
        def keep(_module, _inputs, output):
            outputs[name] = output.clone()

        return keep

    hooks = [module.register_forward_hook(keeper(name)) for name, module in modules.items()]
    yield outputs
    for hook in hooks:
        hook.remove()
