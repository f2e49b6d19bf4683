"""Datasets that can be chosen by name, declared here."""

from talkingface.data.datasets.settings import SynthTalkSettings
from talkingface.registry import DatasetSpec

DATASETS = (
    DatasetSpec(
        "SynthTalk",
        "Drawn heads that talk, with every factor known; made here from a seed.",
        dataset="talkingface.data.datasets.synthtalk:SynthTalk",
        config=SynthTalkSettings,
        licence="Apache-2.0",
    ),
)
