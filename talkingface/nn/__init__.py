"""Blocks that two or more methods build from, and the losses that they share."""
