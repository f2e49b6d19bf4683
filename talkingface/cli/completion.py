"""The verb `completion`: what makes a shell complete verbs, keys, names and choices."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from talkingface.cli.call import Call
from talkingface.cli.keys import options_of, settings_of, written
from talkingface.config.fields import Setting
from talkingface.errors import UsageError, did_you_mean
from talkingface.registry import Registry

SHELLS = ("bash", "zsh")
SWITCHES = ("--config_files", "--plugins", "--debug", "--json", "--quiet", "--version", "--help")
METRIC_KEYS = ("--metrics", "--evaluate.metrics", "--monitor", "--train.monitor")
ZSH = "autoload -Uz bashcompinit && bashcompinit\n"
# Bash takes a word apart at `=`, zsh leaves it whole: both become a key and what follows it. Where
# nothing is known, names of files are offered: bash does so itself, zsh only for whole words. No
# space follows a key: bash is told so when it happens, zsh beforehand.
SCRIPT = """_talkingface() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} key= head= words=
  if [[ $word == --*=* ]]; then
    key=${{word%%=*}} head="$key=" word=${{word#*=}}
  elif [[ $word == "=" ]]; then
    key=$before word=
  elif [[ $before == "=" ]]; then
    key=${{COMP_WORDS[COMP_CWORD-2]}}
  elif [[ $before == --* && $word != --* ]]; then
    key=$before
  fi
  case $key in
{choices}
  esac
  if [[ -z $key && $word == -* ]]; then
    case ${{COMP_WORDS[1]}} in
{keys}
    esac
  elif [[ -z $key && $COMP_CWORD -eq 1 ]]; then
    words="{verbs}"
  fi
  COMPREPLY=($(compgen -P "$head" -W "$words" -- "$word"))
  if [[ -n $head && -z $words ]]; then
    COMPREPLY=($(compgen -P "$head" -G "$word*"))
  elif [[ ${{COMPREPLY[0]-}} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
  return 0
}}
"""
COMPLETE = "complete -o default {options}-F _talkingface talkingface run_talkingface.py\n"


@dataclass(frozen=True)
class CompletionOptions:
    """It has none: the shell is a word."""


def show(call: Call) -> int:
    """Print the script for a shell."""
    match call.arguments.words:
        case [shell] if shell in SHELLS:
            print(script_for(shell, call.registry), end="")
            return 0
        case [shell]:
            raise UsageError(
                f"There is no completion for {shell!r}.{did_you_mean(shell, SHELLS)} "
                f"Write one of: {', '.join(SHELLS)}."
            )
    raise UsageError(f"Name one shell: completion {' | '.join(SHELLS)}.")


def script_for(shell: str, registry: Registry) -> str:
    """Return what a shell is to run."""
    if shell == "zsh":
        return ZSH + _function(registry) + COMPLETE.format(options="-o nospace ")
    return _function(registry) + COMPLETE.format(options="")


def _function(registry: Registry) -> str:
    """Return the function that completes."""
    from talkingface.cli.verbs import VERBS

    calls = {verb.name: Call.of([verb.name]) for verb in VERBS} | {"*": Call.of([])}
    of_verbs = {name: [*options_of(call), *settings_of(call)] for name, call in calls.items()}
    keys = {
        name: [f"{written(one)}=" for one in settings] + list(SWITCHES)
        for name, settings in of_verbs.items()
    }
    every = [one for settings in of_verbs.values() for one in settings]
    return SCRIPT.format(
        choices="\n".join(_branches(_choices(every, registry), indent=4)),
        keys="\n".join(_branches(keys, indent=6)),
        verbs=" ".join(name for name in of_verbs if name != "*"),
    )


def _choices(settings: list[Setting], registry: Registry) -> dict[str, list[str]]:
    """Return the words that can stand behind a key, where they can be listed."""
    found = {written(one): list(dict.fromkeys(_words_for(one.type))) for one in settings}
    metrics = [one.name for one in registry.metrics]
    names = {
        "--model": [one.name for one in registry.models],
        "--dataset": [one.name for one in registry.datasets],
        **dict.fromkeys(METRIC_KEYS, metrics),
    }
    return {key: words for key, words in {**found, **names}.items() if words}


def _words_for(kind: Any) -> Iterator[str]:  # noqa: ANN401  a setting may be of any type
    """Yield what a value of a type can be, where that is a short list."""
    if kind is bool:
        yield from ("true", "false")
    elif get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    elif get_origin(kind) in (tuple, Union, types.UnionType):
        for one in get_args(kind):
            yield from _words_for(one)


def _branches(words: Mapping[str, list[str]], indent: int) -> Iterator[str]:
    for name, found in words.items():
        yield f'{" " * indent}{name}) words="{" ".join(dict.fromkeys(found))}";;'
