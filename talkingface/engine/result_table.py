"""The scores of one or more evaluations as one table for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from talkingface.engine.scores import SHUFFLED

Results = Mapping[str, Any]  # the content of results.json

TITLES = {
    "truth": "truth",
    "portrait_repeated": "portrait repeated",
    SHUFFLED: "shuffled speech",
}
NOTHING = "-"
BETTER = {True: "↑", False: "↓", None: "→0"}  # where a score is better
MOST_REASONS = 5  # that are told of clips that failed
MOST_NAMES = 4  # that are told of clips with the same reason


def as_table(results: Sequence[Results]) -> str:
    """Return a line for each metric: each method's mean, what stands beside it, and how many clips.

    Several methods share the truth and the portrait of the first, for all have the same clips.
    What was scored on fewer clips than the method says on how many.
    """
    names = list(dict.fromkeys(name for one in results for name in one["metrics"]))
    beside = _beside(results)
    paper = any(one["paper"] for one in results)
    titles = [*(one["method"] for one in results), *beside]
    lines = [["", *titles, *(["paper"] if paper else []), "n"]]
    for name in names:
        cells = [_cell(one["scores"].get(name)) for one in results]
        most = max(one["scores"][name]["num_clips"] for one in results if name in one["scores"])
        cells += [_cell(scores.get(name), most) for scores in beside.values()]
        if paper:
            values = [one["paper"][name]["value"] for one in results if name in one["paper"]]
            cells.append(f"{values[0]:g}" if values else NOTHING)
        counts = sorted(
            {one["scores"][name]["num_clips"] for one in results if name in one["scores"]}
        )
        lines.append([_title(name, results), *cells, "/".join(map(str, counts))])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  "
        + "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def unavailable_lines(results: Sequence[Results]) -> list[str]:
    """Return a line for each reason for which metrics could not be had, with their names."""
    names: dict[str, list[str]] = {}  # by reason
    for result in results:
        for name, one in result["unavailable"].items():
            names.setdefault(one["reason"], []).append(name)
    return [
        f"  {', '.join(dict.fromkeys(of_reason))}  unavailable: {reason}"
        for reason, of_reason in names.items()
    ]


def left_out_lines(results: Sequence[Results]) -> list[str]:
    """Return a line for each method and subject that was wanted beside it and has no score."""
    return [
        f"  {TITLES[subject]}  left out: {reason}"
        for subject, reason in dict.fromkeys(
            pair for one in results for pair in one.get("not_beside", {}).items()
        )
    ]


def failure_lines(results: Results) -> list[str]:
    """Return a line for each reason why clips failed, the first few, and how many there are more.

    >>> failure_lines({"failures": {"a": "It is empty.", "b": "It is empty."}})
    ['  a, b  failed: It is empty.']
    """
    names: dict[str, list[str]] = {}  # by reason
    for name, reason in results["failures"].items():
        names.setdefault(reason, []).append(name)
    lines = [f"  {_some(clips)}  failed: {reason}" for reason, clips in names.items()]
    num_more = sum(len(clips) for clips in list(names.values())[MOST_REASONS:])
    return [*lines[:MOST_REASONS], *([f"  and {num_more} more clips"] if num_more else [])]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _beside(results: Sequence[Results]) -> dict[str, Mapping[str, Any]]:
    """Return the scores of what stands beside the methods, by the titles of their columns."""
    of_all = results[0]["beside"]
    found = {TITLES[name]: of_all.get(name, {}) for name in ("truth", "portrait_repeated")}
    for one in results:
        own = f"{one['method']}, " if len(results) > 1 else ""
        found[own + TITLES[SHUFFLED]] = one["beside"].get(SHUFFLED, {})
    return {title: scores for title, scores in found.items() if scores}


def _title(name: str, results: Sequence[Results]) -> str:
    metric = next(one["metrics"][name] for one in results if name in one["metrics"])
    unit = f", {metric['unit']}" if metric["unit"] else ""
    return f"{name}{unit} {BETTER[metric['higher_is_better']]}"


def _cell(score: Mapping[str, Any] | None, of_method: int = 0) -> str:
    if score is None:
        return NOTHING
    if score["mean"] is None:
        return "no clip has it"
    error = score["standard_error"]
    few = f" (n {score['num_clips']})" if score["num_clips"] < of_method else ""
    return f"{score['mean']:.4f}" + (f" ± {error:.4f}" if error is not None else "") + few
