"""Methods: one folder each, found by being there."""
