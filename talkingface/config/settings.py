"""Every setting that does not belong to one method, with its default, its limits and its help.

A method adds its own below ``model`` by deriving from `ModelSettings`, a dataset its own below
``dataset`` by deriving from `DatasetSettings`. Defaults stand here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from talkingface.config.fields import ranged

Split = Literal["train", "val", "test"]
Schedule = Literal["constant", "cosine"]
Profile = Literal["exact", "fast"]


@dataclass(frozen=True)
class ModelSettings:
    """What every method has; a method's own settings derive from it."""

    name: str = ""
    """Method, by its name in `list`."""


@dataclass(frozen=True)
class DatasetSettings:
    """What every dataset has; a dataset's own settings derive from it."""

    name: str = ""
    """Dataset, by its name in `list`."""


@dataclass(frozen=True)
class StageSettings:
    """One stage of training; what it leaves out is as `train` says."""

    name: str = ""
    """Name of the stage, in messages and curves."""

    steps: int = ranged(1000, minimum=1)
    """Steps of the stage."""

    phases: tuple[str, ...] = ()
    """Updates of one step, in order; empty for all that the method has."""

    learns: tuple[str, ...] = ()
    """Networks of the method that learn; empty for all."""

    learning_rate: float | None = ranged(None, minimum=0.0)
    """Learning rate of the stage; none for that of `train`."""

    rate_scale: Mapping[str, float] = field(default_factory=dict)
    """Factors on the rate of networks that differ in this stage."""

    schedule: Schedule | None = None
    """How the rate of the stage goes on after the warm-up; none for as `train` says."""

    loss_weights: Mapping[str, float] = field(default_factory=dict)
    """Weights of losses that differ in this stage."""

    starts_from: str | None = None
    """File of weights to start from; none goes on with what is there."""


@dataclass(frozen=True)
class TrainSettings:
    """Training. It is off by default: the weights that are there are scored."""

    enabled: bool = False
    """Train before the evaluation."""

    steps: int = ranged(1000, minimum=1)
    """Steps of training, where there are no stages."""

    stages: tuple[StageSettings, ...] = ()
    """Stages of training in order; each may have its own steps, networks, losses and rates."""

    batch_size: int = ranged(16, minimum=1)
    """Examples in one step, over all devices and accumulated parts."""

    accumulate: int = ranged(1, minimum=1)
    """Parts in which the batch of one step is worked through, to save memory."""

    learning_rate: float = ranged(2e-4, minimum=0.0)
    """Learning rate of Adam."""

    rate_scale: Mapping[str, float] = field(default_factory=dict)
    """Factor on the learning rate of a network, by its name."""

    betas: tuple[float, ...] = ranged((0.9, 0.999), minimum=0.0, maximum=1.0)
    """Decay rates of Adam's two averages."""

    weight_decay: float = ranged(0.0, minimum=0.0)
    """Decay of weights (AdamW)."""

    schedule: Schedule = "constant"
    """How the learning rate goes on after the warm-up."""

    warmup_steps: int = ranged(0, minimum=0)
    """Steps over which the learning rate rises from zero, at the start of each stage."""

    clip_norm: float | None = ranged(None, minimum=0.0)
    """Largest norm of the gradient; none for no limit."""

    loss_weights: Mapping[str, float] = field(default_factory=dict)
    """Weight of each loss by its name; 1 where none is given."""

    every: Mapping[str, int] = field(default_factory=dict)
    """Phases that come only every so many steps, by name."""

    teachers: tuple[Literal["SynthTalkReader", "VGG19"], ...] = ()
    """Trained networks by which a method compares what it draws with the truth: SynthTalkReader for
    drawn faces; VGG19 for photographs, where its weights have been downloaded."""

    ema_decay: float = ranged(0.0, minimum=0.0, maximum=1.0)
    """Decay of the running average of the weights that is scored and kept; 0 for none."""

    ema_parts: tuple[str, ...] = ()
    """Networks that are averaged; empty for all."""

    precision: Literal["32", "bf16-mixed", "16-mixed"] = "32"
    """Number format of the computation."""

    strategy: Literal["ddp", "fsdp"] = "ddp"
    """How several devices share the work: each has all weights (ddp), or a part of them (fsdp)."""

    num_workers: int = ranged(0, minimum=0)
    """Processes that read the data beside each device."""

    deterministic: bool = False
    """Only operations that give the same result every time, where torch has them."""

    max_bad_samples: float = ranged(0.01, minimum=0.0, maximum=1.0)
    """Share of examples that may be unreadable before training stops."""

    save_every: int = ranged(500, minimum=1)
    """Steps between checkpoints."""

    save_minutes: float = ranged(2.0, minimum=0.0)
    """Minutes after which a checkpoint is saved in any case."""

    keep_every: int = ranged(0, minimum=0)
    """Also keep each checkpoint whose step is a multiple of this; 0 keeps the last and the best."""

    log_every: int = ranged(50, minimum=1)
    """Steps between points of the curves."""

    validate_every: int = ranged(0, minimum=0)
    """Steps between validations; 0 for none."""

    validate_clips: int = ranged(4, minimum=1)
    """Clips of the val split that a validation generates and scores."""

    monitor: str = "SSIM"
    """Score, by its name in `list`, that tells which checkpoint is the best."""

    patience: int = ranged(0, minimum=0)
    """Validations without a better score after which training stops; 0 for never."""

    curves: Literal["tensorboard", "wandb", "none"] = "tensorboard"
    """Where curves are drawn; metrics.jsonl has them in any case."""

    export_as: Literal["trained", "demo"] = "trained"
    """What the weights say they are; demo is for those that come with the toolkit."""

    resume: str | None = None
    """Run folder to go on with; alone, the newest run that has a checkpoint."""

    dry_run: bool = False
    """Build everything, take one step, write nothing."""


@dataclass(frozen=True)
class EvaluateSettings:
    """Which clips are generated, what they are compared with, and how they are scored."""

    split: Split = "test"
    """Part of the dataset that is generated and scored."""

    limit: int | None = ranged(None, minimum=1)
    """At most so many clips, from the first; none for all."""

    metrics: tuple[str, ...] = ("SSIM", "PSNR", "CPBD", "LMD", "MAR_correlation", "sync_demo")
    """Scores to compute, by their names in `list`; sync, sync_demo, theval and theval_68 stand for
    several. Those of sync_demo know drawn faces alone."""

    protocol: Literal["self", "cross_identity", "cross_pose", "pairs"] = "self"
    """Who drives whom: self makes each clip again; cross_identity gives its movement to another
    person's portrait; cross_pose takes the pose from another clip; pairs are SynthTalk's mixed
    drivers, with the rendered truth."""

    baselines: tuple[Literal["portrait_repeated", "shuffled_speech"], ...] = (
        "portrait_repeated",
        "shuffled_speech",
    )
    """What is scored beside the method: its portrait as every frame, and the method given another
    clip's speech, by the scores that tell of lips or sync."""

    shuffled_clips: int | None = ranged(8, minimum=1)
    """Clips that are made again with another clip's speech, drawn from all: each takes as long as
    before. None for all."""

    truth: bool = True
    """Score the real clips too, by each score that needs no second clip."""

    controls: bool = False
    """Move each control of the method alone, and say what follows and what moves along. Needs a
    dataset of drawn faces."""

    control_people: int = ranged(12, minimum=1)
    """People on whom the controls are moved; the test split of SynthTalk has 12."""

    generated: str | None = None
    """Folder of videos that were made elsewhere, to be scored in place of a method."""

    reference: str | None = None
    """Folder of the real videos, of the same names as those in `generated`."""

    clip_list: str | None = None
    """List of what to make or to score, as csv: name, source_image, driving_audio, pose_video,
    ground_truth_video, start, frames."""

    fps: float | None = ranged(25.0, minimum=1.0, maximum=240.0)
    """Pictures a second at which videos of folders and lists are read; none for the rate of each
    real video."""

    length_tolerance: int = ranged(2, minimum=0)
    """Frames by which a generated clip may be longer or shorter than the real one. Both are cut to
    the shorter; beyond, the clip fails."""

    size: Literal["smaller", "reference", "equal"] = "smaller"
    """Where the generated frames have another size than the real ones: both are compared at the
    smaller size, or at that of the real ones, or the clip fails."""

    readers: Literal["auto", "drawn", "filmed"] = "auto"
    """Who reads faces: SynthTalk's reader for drawn ones, the landmark finder for filmed ones; auto
    knows SynthTalk's clips."""

    panels: bool = False
    """Also keep what is shown beside each generated clip, each by itself and all side by side with
    sound, in the run's folder of results."""

    resume: str | None = None
    """Run folder of an evaluation to go on with; alone, the newest."""


@dataclass(frozen=True)
class GenerateSettings:
    """What `generate` makes. A control is a video, a folder of pictures, a picture, or numbers."""

    source: tuple[str, ...] = ()
    """Portraits of the person: one picture or more, or a folder of them; of Rhythmic head motion's
    files also a video, S_aligned.mp4, with the arrays beside it."""

    audio: str | None = None
    """Speech: a sound file, or a video with sound."""

    lip: str | None = None
    """Who moves the lips; none for the speech."""

    pose: str | None = None
    """Who turns the head, or its yaw, pitch and roll in degrees (10,0,-5); none for nobody. A video
    stands still at nod.mp4@37, its frame 37, or nod.mp4@10,0,-5, its head nearest to the angles."""

    eye: str | None = None
    """Who moves the eyes: blink and gaze together."""

    blink: str | None = None
    """Who blinks."""

    gaze: str | None = None
    """Who looks around, or where to, as degrees to the right and up (10,0)."""

    emotion: str | None = None
    """Whose expression is shown."""

    strength: Mapping[str, float] = field(default_factory=dict)
    """How strongly a control is followed, by its name; 1 as learned."""

    out: str | None = None
    """Video to write, or the folder of videos for `jobs`; none for the run's own folder."""

    jobs: str | None = None
    """List of jobs instead of one: csv or jsonl with the keys name, source, audio, out and those of
    the controls; PC-AVS's csv of 8 columns; or Rhythmic head motion's vox_demo_ani.npy. Paths are
    taken from here, or from its folder."""

    align: bool = False
    """Cut the face out of the portraits and the driving videos first, as the method knows faces."""

    paste_back: bool = False
    """Put the generated face back into the whole portrait; asks for align."""

    mark: bool = False
    """Write "synthetic" into a corner of every picture, for all to see."""

    panels: bool | None = None
    """Also keep what is shown beside each video, each by itself and all side by side with sound, in
    the run's folder of results; none for the lists of papers only."""

    keep_motion: str | None = None
    """Folder in which the motion of each driving video is kept as NAME.npz, for methods that can;
    such a file drives in place of its video, and takes no time to be seen."""

    overwrite: bool = False
    """Replace videos and kept motion that exist."""


@dataclass(frozen=True)
class Settings:
    """The whole tree of settings."""

    model: ModelSettings = field(default_factory=ModelSettings)
    dataset: DatasetSettings = field(default_factory=DatasetSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
    evaluate: EvaluateSettings = field(default_factory=EvaluateSettings)
    generate: GenerateSettings = field(default_factory=GenerateSettings)

    evaluate_model_file: str | None = None
    """Weights to evaluate or to generate with: a file, the folder of a run, the folder of what the
    authors published, or published for those that download has put here; none for the demo weights
    of the method, even where its published ones are here."""

    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where networks run; auto takes a GPU where there is one."""

    profile: Profile = "exact"
    """How videos are computed: exact as the weights say; fast with half the digits in convolutions,
    where the device is faster so. The README says what it costs."""

    seed: int = ranged(0, minimum=0, maximum=2**32 - 1)
    """Start of every random number."""

    runs_folder: str = "runs"
    """Folder in which each run makes a folder of its own."""
