"""The verb `export`: networks of a method as files of ONNX."""

from talkingface.cli.call import Call
from talkingface.errors import UsageError


def export(call: Call) -> int:
    """Write the parts of a method, and print each with how far it is from torch."""
    from talkingface.engine.carry_out import export as carry_out

    if len(call.arguments.words) > 1:
        raise UsageError("Name one folder that gets the files: export FOLDER --model=NAME.")
    given = next(iter(call.arguments.words), None)
    with call.place(given, "onnx", "onnx") as folder:
        for written in carry_out(call.asked, folder):
            print(f"{written.path}: at most {written.difference:.1e} from torch")
    return 0
