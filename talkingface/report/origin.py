"""What a run was made with: its settings and its manifest."""

from collections.abc import Mapping, Sequence

from talkingface.report.markup import Markup, joined
from talkingface.report.record import Record
from talkingface.report.saying import mapping, words
from talkingface.report.tables import folded, pairs, row_title, table, words_cell, words_title

LONGEST_VALUE = 2000  # characters


def origin(record: Record) -> Markup:
    """Return the settings and the manifest of a run."""
    return joined(
        [
            pairs("Manifest", manifest_of(record)),
            folded(f"All {len(record.settings)} settings", pairs("Settings", record.settings)),
        ]
    )


def manifest_of(record: Record) -> dict[str, str]:
    """Return what a run was made with, a line each."""
    lines = {"run": record.name, "weights": words(record.about.get("weights"))}
    for key, value in record.manifest.items():
        for inner, one in mapping(value).items():
            lines[f"{key}.{inner}"] = words(one)[:LONGEST_VALUE]
        if not isinstance(value, Mapping):
            lines[key] = words(value)[:LONGEST_VALUE]
    for key in ("list_sha256", "seconds"):
        lines[key] = words(record.about.get(key))
    return {key: value for key, value in lines.items() if value}


def differences(records: Sequence[Record]) -> Markup:
    """Return the settings and facts that are not the same for all runs."""
    said = [{**record.settings, **manifest_of(record)} for record in records]
    keys = list(dict.fromkeys(key for one in said for key in one))
    rows = [
        [row_title(key), *(words_cell(one.get(key, "")) for one in said)]
        for key in keys
        if len({one.get(key) for one in said}) > 1
    ]
    titles = ["What", *(words_title(record.name) for record in records)]
    return table("Settings and facts in which the runs differ.", titles, rows)
