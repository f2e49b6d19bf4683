"""What a run was made with: its settings and its manifest."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from talkingface.report.markup import Markup, joined
from talkingface.report.record import FOOTAGE, Record
from talkingface.report.saying import mapping, words
from talkingface.report.tables import folded, pairs, row_title, table, words_cell, words_title

LONGEST_VALUE = 2000  # characters
MOST_KINDS = 4  # of sizes, rates or codecs that are named


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
    for key in ("weights_sha256", "list_sha256", "seconds"):
        lines[key] = words(record.about.get(key))
    for key in FOOTAGE:
        lines[f"clips.{key}"] = _most_common(row.footage[key] for row in record.clips)
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


def _most_common(kinds: Iterable[str]) -> str:
    """Return the most common kinds, with their numbers of clips where there are several."""
    counts = Counter(kind for kind in kinds if kind)
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{kind} ({count})" for kind, count in counts.most_common(MOST_KINDS))
