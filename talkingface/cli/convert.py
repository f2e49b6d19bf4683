"""The verb `convert`: a published file becomes one that holds tensors and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from talkingface.cli.call import Call
from talkingface.errors import UsageError


@dataclass(frozen=True)
class ConvertOptions:
    """What the user says of the file."""

    i_trust_this_file: bool = False
    """You know where the file is from. Nothing in it is run in any case."""


def convert(call: Call) -> int:
    """Write the tensors of a file to a safetensors file."""
    from talkingface.storage.published import convert_trusted

    options = call.options()
    assert isinstance(options, ConvertOptions)
    match call.arguments.words:
        case [file, out] if out.endswith(".safetensors"):
            pass
        case _:
            raise UsageError("Write: convert FILE OUT.safetensors --i-trust-this-file")
    if not options.i_trust_this_file:
        raise UsageError(
            f"Only a file whose maker you know should become weights. If you know who made {file}, "
            "add --i-trust-this-file."
        )
    done = convert_trusted(Path(file), Path(out))
    print(f"{out}: {done.num_tensors} tensors")
    if done.stand_ins:
        print(f"  left out, as it is no tensor: {', '.join(done.stand_ins)}")
    return 0
