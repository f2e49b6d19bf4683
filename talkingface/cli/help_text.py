"""What ``--help`` prints: examples first, then every setting with its default, limits and words."""

import textwrap
from collections.abc import Iterable

from talkingface.cli.call import Call
from talkingface.cli.keys import options_of, settings_of, written
from talkingface.cli.verbs import VERBS
from talkingface.config.convert import described
from talkingface.config.fields import Setting
from talkingface.engine.assignment import PROGRAM

WIDTH = 100
LEFT = 34  # column at which sentences start
SWITCHES = (
    ("--config_files A.yaml B.yaml", "Settings files, later ones win."),
    ("--plugins FILE.py ...", "Files with models, datasets or metrics of your own."),
    ("--debug", "Say more, and show tracebacks."),
    ("--quiet, -q", "Say warnings and errors only."),
    ("--json", "Say each message as a line of JSON, with its numbers, for programs that watch."),
    ("--version", "Print the version."),
    ("--help, -h", "This text; behind a verb, the verb's own."),
)


def help_of(call: Call) -> str:
    """Return the help of a call's verb, with the settings of the model and dataset it names."""
    verb = call.verb
    lines = [verb.sentence, "", "Examples:"]
    lines += [f"  {PROGRAM} {example}" for example in verb.examples]
    usage = " ".join(part for part in (PROGRAM, verb.name or "[VERB]", verb.words) if part)
    lines += ["", f"Usage: {usage} [--key=value ...]"]
    if not verb.name:
        lines += ["", "Verbs:", *_table((one.name, one.sentence) for one in VERBS)]
    if options := options_of(call):
        lines += ["", "Options:", *_settings(options)]
    if settings := settings_of(call):
        lines += ["", "Settings:", *_settings(settings)]
    lines += ["", "For every verb:", *_table(SWITCHES)]
    return "\n".join(lines)


def _settings(settings: Iterable[Setting]) -> list[str]:
    rows = []
    for one in settings:
        limits = [f"at least {one.minimum}"] if one.minimum is not None else []
        limits += [f"at most {one.maximum}"] if one.maximum is not None else []
        facts = "; ".join([described(one.type), *limits, f"default {_shown(one.default)}"])
        rows.append((written(one), f"{one.sentence} ({facts})"))
    return _table(rows)


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for left, right in rows:
        text = textwrap.wrap(right, WIDTH - LEFT)
        if len(left) + 4 <= LEFT and text:
            lines.append(f"  {left:<{LEFT - 2}}{text.pop(0)}")
        else:
            lines.append(f"  {left}")
        lines += [" " * LEFT + line for line in text]
    return lines


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(str(one) for one in value) or "empty"
    return str(value) or "none"
