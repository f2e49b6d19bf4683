"""Speech as the networks hear it: mel spectrograms, cepstra, and the windows that meet a frame."""
