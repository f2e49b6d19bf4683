"""Teaches the reader of drawn faces (`talkingface.face.reader`) and measures it.

    python -m talkingface.data.reader_training --weights=FILE

draws people that are in no corpus, trains on them, writes the weights and says how exact they are.
A reader is no method that talks: it makes no frames, so it has a loop of its own.

    people -> material (pictures, truth) -> moved and worn (batches) -> network -> losses
"""
