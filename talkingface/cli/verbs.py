"""Every verb of the program in one table: what it does, two examples, and where its code is."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from talkingface.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from talkingface.cli.call import Call


@dataclass(frozen=True)
class Verb:
    """One thing the program does.

    Attributes:
        sentence: what it does, one sentence.
        examples: two or more command lines that work, without the program's name.
        code: the function that does it, ``"module:function"`` below `talkingface.cli`.
        options: a settings class ``"module:Class"`` of keys that only this verb has.
        reads_settings: the settings that a verb with options reads too, such as ``dataset``.
        section: the settings whose keys need no prefix behind this verb.
        words: what further words mean, such as ``NAME ...``; empty where there are none.
    """

    name: str
    sentence: str
    examples: tuple[str, ...]
    code: str
    options: str = ""
    reads_settings: tuple[str, ...] = ()
    section: str = ""
    words: str = ""

    def function(self) -> "Callable[[Call], int]":
        """Import the function that does it."""
        module, _, name = self.code.partition(":")
        function: Callable[[Call], int] = getattr(import_module(f"talkingface.cli.{module}"), name)
        return function

    def options_class(self) -> type | None:
        """Import the class of this verb's own options, if it has any."""
        if not self.options:
            return None
        module, _, name = self.options.partition(":")
        found: type = getattr(import_module(f"talkingface.cli.{module}"), name)
        return found


DEFAULT_VERB = Verb(
    "",
    "Prepare what is missing, train if `train` is true, then generate and score the test split.",
    (
        "--model=Still_Portrait --dataset=SynthTalk",
        "--model=Still_Portrait --dataset=SynthTalk --evaluate.limit=1 --seed=7",
    ),
    "run:run_all",
)

VERBS = (
    Verb(
        "train",
        "Train a method on a dataset and save its checkpoints.",
        (
            "train --model=Loud_Mouth --dataset=SynthTalk --steps=500",
            "train --resume",
        ),
        "train:train",
        section="train",
    ),
    Verb(
        "evaluate",
        "Generate the clips of a split and score them, or score videos from anywhere.",
        (
            "evaluate --model=Still_Portrait --dataset=SynthTalk",
            "evaluate --model=Still_Portrait --dataset=SynthTalk --split=val --limit=1",
            "evaluate --model=Still_Portrait,Loud_Mouth --dataset=SynthTalk --protocol=pairs",
            "evaluate --generated my_videos --reference real_videos --metrics=SSIM,PSNR,CPBD",
            "evaluate --resume",
        ),
        "evaluate:evaluate",
        section="evaluate",
    ),
    Verb(
        "sync",
        "Tell by how many frames sound and lips of videos are apart, and how well they fit.",
        (
            "sync interview.mp4",
            "sync my_videos/talk.mp4 --network=demo --way=frame",
        ),
        "sync:sync",
        options="sync:SyncOptions",
        words="VIDEO ...",
    ),
    Verb(
        "generate",
        "Make a video of a portrait that speaks.",
        (
            "generate --model=Still_Portrait --source face.jpg --audio speech.wav --out talk.mp4",
            "generate --model=Still_Portrait --jobs jobs.csv --out videos",
            "generate --model=PC_AVS --jobs misc/demo.csv",
            "generate --model=PC_AVS --source face.jpg --audio speech.wav --pose nod.mp4@20,0,0",
        ),
        "generate:generate",
        section="generate",
    ),
    Verb(
        "preprocess",
        "Make the files that a dataset's clips need: frames, sound, landmarks, crops.",
        (
            "preprocess --dataset=SynthTalk",
            "preprocess --dataset=PC_AVSDataset --input videos --out my_data",
            "preprocess --dataset=PC_AVSDataset --input face.jpg --audio speech.wav --pose nod.mp4",
            "preprocess --input photos --crop_only",
            "preprocess --dataset=Rhythmic_Head_MotionDataset --input clip.mp4 --preview look.jpg",
            "preprocess --dataset=FolderDataset --dataset.folder=my_videos --audit",
        ),
        "preprocess:preprocess",
        options="preprocess:PreparationOptions",
        reads_settings=("dataset", "seed"),
    ),
    Verb(
        "download",
        "Fetch published weights, or take in a file that was fetched by hand.",
        ("download", "download PC_AVS --from demo.zip"),
        "download:download",
        options="download:DownloadOptions",
        words="NAME ...",
    ),
    Verb(
        "convert",
        "Make one small, safe file of weights from the files that were published.",
        (
            "convert checkpoints/demo pc_avs.safetensors --model=PC_AVS",
            "convert old.pth new.safetensors --i-trust-this-file",
        ),
        "convert:convert",
        options="convert:ConvertOptions",
        words="FOLDER | FILE OUT",
    ),
    Verb(
        "export",
        "Write the networks of a method as files of ONNX, each compared with torch.",
        (
            "export --model=Loud_Mouth",
            "export my_folder --model=PC_AVS --evaluate_model_file=published",
        ),
        "export:export",
        reads_settings=("model", "evaluate_model_file"),
        words="[FOLDER]",
    ),
    Verb(
        "list",
        "Show the models, datasets and metrics that can be chosen by name.",
        ("list", "list models --controls"),
        "listing:show",
        options="listing:ListOptions",
        words="[models | datasets | metrics]",
    ),
    Verb(
        "config",
        "Show every setting of a call with the layer that its value comes from.",
        (
            "config --model=Still_Portrait --dataset=SynthTalk",
            "config --model=Still_Portrait --dataset=SynthTalk --seed=7",
        ),
        "configuration:show",
    ),
    Verb(
        "doctor",
        "Check this machine: Python, torch, disk, memory, weights and optional packages.",
        ("doctor", "doctor --quiet"),
        "doctor:examine",
    ),
    Verb(
        "report",
        "Make one self-contained page from the results of a run.",
        ("report runs/my-run", "report runs/first runs/second --out comparison.html"),
        "report:report",
        options="report:ReportOptions",
        words="RUN ...",
    ),
    Verb(
        "serve",
        "Open a web page on this machine where videos are made.",
        ("serve", "serve --device cpu --port 8000"),
        "serve:serve",
        options="serve:ServeOptions",
        reads_settings=("device", "runs_folder"),
    ),
    Verb(
        "completion",
        "Print what makes a shell complete verbs, keys and names.",
        ("completion bash", "completion zsh"),
        "completion:show",
        options="completion:CompletionOptions",
        words="bash | zsh",
    ),
)


def find_verb(name: str) -> Verb:
    """Return the verb called `name`.

    Raises:
        UsageError: There is no such verb.
    """
    by_name = {verb.name: verb for verb in VERBS}
    if name not in by_name:
        known = ", ".join(by_name)
        raise UsageError(f"There is no verb {name!r}.{did_you_mean(name, by_name)} Known: {known}.")
    return by_name[name]
