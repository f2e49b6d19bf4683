"""Every clip with its scores, and what was said of it."""

from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import column, plain
from talkingface.report.record import ClipRow, Record
from talkingface.report.tables import (
    MOST_ROWS,
    row_title,
    table,
    value_cell,
    words_cell,
    words_title,
)

LONGEST_REASON = 500  # characters


def clip_table(record: Record) -> Markup:
    """Return a row for each clip, those that failed with their reason."""
    shown = record.clips[:MOST_ROWS]
    metrics = [one for one in record.metrics if record.values(one)]
    written = {one: column(row.scores.get(one) for row in shown) for one in metrics}
    has_remarks = any(row.remarks or row.failure for row in record.clips)
    titles = ["Clip", "Frames", *metrics, *([words_title("Remarks")] if has_remarks else [])]
    rows = []
    for index, row in enumerate(shown):
        cells = [row_title(row.clip), value_cell(row.num_frames, plain(row.num_frames))]
        cells += [value_cell(row.scores.get(one), written[one][index]) for one in metrics]
        cells += [words_cell(_said(row))] if has_remarks else []
        rows.append(cells)
    caption = f"{len(record.clips)} clips. A press on a title sorts by it."
    left_out = len(record.clips) - MOST_ROWS
    note = f"{left_out} more clips are in per_clip.csv, beside this page."
    return joined(
        [table(caption, titles, rows), element("p", note, class_="remark") if left_out > 0 else ""]
    )


def _said(row: ClipRow) -> str:
    said = f"Failed: {row.failure}" if row.failure else row.remarks
    return said[:LONGEST_REASON]
