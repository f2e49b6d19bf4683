"""The verb `convert`: published files become one that holds tensors and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from talkingface.cli.call import Call
from talkingface.errors import UsageError


@dataclass(frozen=True)
class ConvertOptions:
    """What the user says of the file."""

    model: str | None = None
    """Method whose published files they are: FILE is then their folder, OUT one file of weights."""

    i_trust_this_file: bool = False
    """You know where the file is from. Nothing in it is run in any case."""


def convert(call: Call) -> int:
    """Write the tensors of a file, or what a method needs of its files, to a safetensors file."""
    options = call.options()
    assert isinstance(options, ConvertOptions)
    match call.arguments.words:
        case [given, out] if out.endswith(".safetensors"):
            pass
        case _:
            raise UsageError(
                "Write: convert FOLDER OUT.safetensors --model=NAME, for the published files of a "
                "method; or convert FILE OUT.safetensors --i-trust-this-file."
            )
    if options.model:
        _join(call, options.model, Path(given), Path(out))
    elif options.i_trust_this_file:
        _convert_trusted(Path(given), Path(out))
    else:
        raise UsageError(
            f"Only a file whose maker you know should become weights. If you know who made {given},"
            " add --i-trust-this-file."
        )
    return 0


def _join(call: Call, model: str, folder: Path, out: Path) -> None:
    """Write what drawing needs of a method's published files."""
    from talkingface.engine.found_weights import find_weights
    from talkingface.engine.published_weights import joined
    from talkingface.storage.weights import write_weights

    spec = call.registry.models.get(model)
    found = find_weights(spec, str(folder))
    if found is None or not found.published:
        raise UsageError(f"{folder} holds no published files. Give the folder that they lie in.")
    write_weights(out, joined(spec, found.published), overwrite=False)
    before = sum(path.stat().st_size for path in found.published.values())
    after = out.stat().st_size
    print(f"{out}: {after / 1e6:.0f} MB, all that {spec.name} needs of {before / 1e6:.0f} MB")


def _convert_trusted(file: Path, out: Path) -> None:
    from talkingface.storage.published import convert_trusted

    done = convert_trusted(file, out)
    print(f"{out}: {done.num_tensors} tensors")
    if done.stand_ins:
        print(f"  left out, as it is no tensor: {', '.join(done.stand_ins)}")
