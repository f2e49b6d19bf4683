"""What examples for training are made of: moments of clips, places in a face, drawn strangers."""
