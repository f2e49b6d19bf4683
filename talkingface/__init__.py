"""Talking heads from a portrait and speech: many methods, one toolkit."""

__version__ = "0.1.0"
