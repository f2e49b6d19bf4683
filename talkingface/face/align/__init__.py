"""The crops of the papers, each with its way back into the frame."""
