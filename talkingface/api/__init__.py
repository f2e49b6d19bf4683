"""The toolkit from Python: what `talkingface` itself hands out, each thing when it is asked for."""
