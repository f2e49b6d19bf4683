"""SynthTalk: rendered talking heads whose every factor is known."""
