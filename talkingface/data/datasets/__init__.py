"""Datasets that can be chosen by name, declared here."""

from talkingface.registry import DatasetSpec

DATASETS: tuple[DatasetSpec, ...] = ()
