"""What an evaluation leaves in its run folder, and how it is written. Version 1.

*Subjects* are what is scored: ``method``, and beside it ``truth`` (the real clip by itself, where
that has meaning), ``portrait_repeated`` (the portrait as every frame) and ``shuffled_speech`` (the
method, given another clip's speech). Nothing is NaN or infinite: what has no value is ``null`` in
JSON and empty in csv. Every name may hold any character; escape it before it is shown.

``results.json``
    ``format``: "talkingface-results"; ``version``: 1.
    ``method``, ``weights`` (a sentence part), ``dataset``, ``split``, ``protocol`` (self,
    cross_identity, cross_pose, pairs, list or files), ``seed``, ``fps``, ``seconds``.
    ``num_clips``; ``failures``: {clip: reason}; ``extra``: [names that nothing was compared with];
    ``list_sha256``: of the names of all clips, each on a line.
    ``rules``: {rule: {"setting": value, "sentence": what was done}}, rules are ``length``, ``size``
    and ``readers``.
    ``metrics``: {metric: {``sentence``, ``unit``, ``higher_is_better``, ``bounds``: [low, high],
    ``version``, ``scope``: "clip" or "set", ``compares``: pictures, lip, pose, blink, gaze, emotion
    or nothing, ``settings``: {name: value}, ``weights``: {file: sha256}}}.
    ``unavailable``: {metric: {``reason``, ``download``: the words behind the program's name that
    cure it, or null}}.
    ``scores``: {metric: score of the method}; ``beside``: {subject: {metric: score}}, where a score
    is {``mean``, ``standard_error`` (by clip), ``num_clips``, ``facts``: {name: number}}. Facts
    that begin with ``num_`` are sums over clips, others means. A metric of the set has one number
    for all clips, so no standard error.
    ``paper``: {metric: {``value``, ``source``}}, numbers that are certain for this dataset.
    ``controls``: the matrix below, or null where it was not asked for.

``controls`` of ``results.json``
    ``moved``: the controls that the method has, a row each; ``factors``: lip, pose, blink, gaze,
    emotion, a column each. ``method``: rows of numbers. Where row and column are the same factor:
    how much of the asked movement was made (1: all of it, 0: nothing). Elsewhere: how much the
    factor moved though it should not, in units of its own natural movement (0 is best).
    ``floor``: the same, read from drawings that follow perfectly: the readers' own error.
    ``correlation``, ``correlation_floor``: {control: Pearson's r of asked and read movement}.
    ``num_people``, ``num_frames``.

``per_clip.csv``: a row for each clip and subject
    ``clip``, ``subject``, ``num_frames`` (that were scored), ``num_generated``, ``num_reference``,
    ``width``, ``height`` (px at which both were compared), ``generated_px``, ``reference_px`` (such
    as 112x112, as they came), ``fps``, ``codec`` (of the generated frames; none where they were
    scored before they were encoded), ``reference_codec``, ``sample_rate_hz`` (of the sound as it
    came), a column for each metric, ``video`` (below ``videos``, or a path where the video was
    there before), ``sheet`` (below ``sheets``), ``remarks``, ``failure``.

``curves.json``: {clip: {subject: {metric: {curve: [numbers]}}}}
    ``MAR_correlation`` has ``generated`` and ``real``, the mouth's opening in each frame. Metrics
    of lip sync have ``distance``, at the shifts in ``offset``.

``sheets/CLIP.jpg``: frames at even steps in time, a row for the truth above one for the method.
``clips/CLIP.json``: all that is known of one finished clip, from which a killed run goes on.
``videos/CLIP.mp4``: what the method made.
"""

from typing import Final

FORMAT: Final = "talkingface-results"
VERSION: Final = 1
