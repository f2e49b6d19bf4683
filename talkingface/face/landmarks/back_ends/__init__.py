"""One module a back end; see `talkingface.face.landmarks.finder` for what it must have."""
