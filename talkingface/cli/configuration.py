"""The verb `config`: every setting of a call, and the layer that its value comes from."""

from talkingface.cli.call import Call
from talkingface.config.written import listed


def show(call: Call) -> int:
    """Print ``key: value  # layer`` for every setting; the output can be read as YAML again."""
    lines = listed(call.resolved)
    width = max(len(str(line)) for line in lines) + 2
    for line in lines:
        print(f"{line!s:<{width}}# {line.layer}")
    return 0
