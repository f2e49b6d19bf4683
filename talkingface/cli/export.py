"""The verb `export`: networks of a method as files of ONNX."""

from pathlib import Path

from talkingface.cli.call import Call
from talkingface.errors import UsageError


def export(call: Call) -> int:
    """Write the parts of a method, and print each with how far it is from torch."""
    from talkingface.engine.carry_out import export as carry_out

    match call.arguments.words:
        case [folder]:
            for written in carry_out(call.asked, Path(folder)):
                print(f"{written.path}: at most {written.difference:.1e} from torch")
            return 0
    raise UsageError("Name one folder that gets the files: export FOLDER --model=NAME.")
