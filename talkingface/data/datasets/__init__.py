"""Datasets that can be chosen by name, declared here."""

from talkingface.data.datasets.method_settings import (
    PCAVSDatasetSettings,
    PDFGCDatasetSettings,
    RhythmicDatasetSettings,
)
from talkingface.data.datasets.settings import (
    FolderSettings,
    ListedSettings,
    MEADSettings,
    SynthTalkSettings,
    VoxCeleb2Settings,
)
from talkingface.registry import DatasetSpec

DATASETS = (
    DatasetSpec(
        "SynthTalk",
        "Drawn heads that talk, with every factor known; made here from a seed.",
        dataset="talkingface.data.datasets.synthtalk:SynthTalk",
        config=SynthTalkSettings,
        licence="Apache-2.0",
    ),
    DatasetSpec(
        "PC_AVSDataset",
        "PC-AVS's folders of frames and its metadata; without data of yours, SynthTalk in them.",
        dataset="talkingface.data.datasets.pc_avs:PCAVSDataset",
        config=PCAVSDatasetSettings,
        licence="yours; the demo Apache-2.0",
    ),
    DatasetSpec(
        "PD_FGCDataset",
        "PD-FGC's motion folders; without data of yours, SynthTalk in them.",
        dataset="talkingface.data.datasets.pd_fgc:PDFGCDataset",
        config=PDFGCDatasetSettings,
        licence="yours; the demo Apache-2.0",
    ),
    DatasetSpec(
        "Rhythmic_Head_MotionDataset",
        "Rhythmic head motion's files for each video; without data of yours, SynthTalk in them.",
        dataset="talkingface.data.datasets.rhythmic:RhythmicDataset",
        config=RhythmicDatasetSettings,
        licence="yours; the demo Apache-2.0",
    ),
    DatasetSpec(
        "FolderDataset",
        "Your own videos: a folder of them, or a csv or jsonl file with one row a clip.",
        dataset="talkingface.data.datasets.folder:FolderDataset",
        config=FolderSettings,
        licence="yours",
    ),
    DatasetSpec(
        "VoxCeleb2",
        "Interviews with 6,112 people, cut to faces of 224 px.",
        dataset="talkingface.data.datasets.benchmarks:VoxCeleb2",
        config=VoxCeleb2Settings,
        licence="metadata CC-BY-4.0; the videos belong to their makers; no longer handed out",
    ),
    DatasetSpec(
        "LRW",
        "500 words of BBC television, 29 frames each.",
        dataset="talkingface.data.datasets.benchmarks:LRW",
        config=ListedSettings,
        licence="by agreement with the BBC, for research at universities only",
    ),
    DatasetSpec(
        "LRS3",
        "Sentences from TED and TEDx talks, cut to faces of 224 px.",
        dataset="talkingface.data.datasets.benchmarks:LRS3",
        config=ListedSettings,
        licence="CC-BY-4.0 by its page; the talks are CC-BY-NC-ND-4.0; no longer handed out",
    ),
    DatasetSpec(
        "HDTF",
        "Some 362 videos of talking people in high resolution, from YouTube.",
        dataset="talkingface.data.datasets.benchmarks:HDTF",
        config=ListedSettings,
        licence="lists CC-BY-4.0; the videos belong to their makers",
    ),
    DatasetSpec(
        "CREMA_D",
        "CREMA-D: 91 actors say twelve sentences in six emotions.",
        dataset="talkingface.data.datasets.benchmarks:CremaD",
        config=ListedSettings,
        licence="ODbL-1.0, contents DbCL-1.0",
    ),
    DatasetSpec(
        "GRID",
        "33 speakers give a thousand commands of six words each.",
        dataset="talkingface.data.datasets.benchmarks:GRID",
        config=ListedSettings,
        licence="CC-BY-4.0",
    ),
    DatasetSpec(
        "MEAD",
        "48 actors in eight emotions and three strengths, from seven sides.",
        dataset="talkingface.data.datasets.benchmarks:MEAD",
        config=MEADSettings,
        licence="by its makers' terms, for research that is not commercial",
    ),
)
