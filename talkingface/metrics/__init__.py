"""Scores: one file each, declared here."""

from talkingface.registry import MetricSpec

METRICS: tuple[MetricSpec, ...] = ()
