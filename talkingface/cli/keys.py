"""The keys that a verb understands: its own options, and the settings that it reads."""

from collections.abc import Iterator

from talkingface.cli.call import Call
from talkingface.config.fields import Setting, leaves
from talkingface.config.settings import Settings


def options_of(call: Call) -> list[Setting]:
    """Return the options that the verb of a call alone has."""
    options = call.verb.options_class()
    return list(leaves(options)) if options else []


def settings_of(call: Call) -> list[Setting]:
    """Return the settings that the verb of a call reads, those of its model and dataset too."""
    verb = call.verb
    return list(_read(call)) if verb.reads_settings or not verb.options else []


def written(setting: Setting) -> str:
    """Return a setting's key as it is written: ``--model`` for ``model.name``."""
    # The first field of a section is its plain value.
    return f"--{setting.key.removesuffix('.name').removesuffix('.enabled').removesuffix('_')}"


def _read(call: Call) -> Iterator[Setting]:
    """Yield settings; the keys of the verb's own section without their prefix."""
    verb = call.verb
    for setting in leaves(Settings, call.resolved.chosen):
        section, dot, name = setting.key.partition(".")
        if dot and section == verb.section:
            yield Setting(
                name,
                setting.type,
                setting.default,
                setting.sentence,
                setting.minimum,
                setting.maximum,
            )
        elif verb.reads_settings:
            if section in verb.reads_settings:
                yield setting
        elif not dot or section in ("model", "dataset") or not verb.section:
            yield setting
