"""Rhythmic head motion: a few references, speech and a head that moves as people's heads do."""
