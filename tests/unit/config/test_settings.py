"""Settings come from the last layer that gives them, and every mistake is a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from talkingface.cli.arguments import parse_arguments
from talkingface.config.fields import leaves, ranged
from talkingface.config.given import section_of, words_of
from talkingface.config.layers import Resolved, resolve
from talkingface.config.settings import (
    DatasetSettings,
    ModelSettings,
    Settings,
    StageSettings,
    TrainSettings,
)
from talkingface.config.written import as_file, listed
from talkingface.errors import ConfigError, PluginError, UsageError
from talkingface.registry import DatasetSpec, Found, ModelSpec, Registry


@dataclass(frozen=True)
class Stage:
    name: str = ""
    """Name of the stage."""

    steps: int = ranged(10, minimum=1)
    """Steps of the stage."""


@dataclass(frozen=True)
class MimeSettings(ModelSettings):
    gain: float = ranged(1.0, minimum=0.0, maximum=4.0)
    """Strength of the mime."""

    code: str = ""
    """Any text."""

    parts: tuple[str, ...] = ("lips",)
    """Parts that move."""

    weights: Mapping[str, float] = field(default_factory=lambda: {"l1": 1.0, "gan": 0.1})
    """Weight of each loss."""

    stages: tuple[Stage, ...] = ()
    """Stages of training."""


REGISTRY = Registry.of(
    [
        Found(ModelSpec("Mime", "Moves without a word.", config=MimeSettings), "here"),
        Found(DatasetSpec("Street", "People who pass.", config=DatasetSettings), "here"),
    ]
)


def settings_of(*argv: str) -> Resolved:
    arguments = parse_arguments(argv)
    return resolve(REGISTRY, arguments.keys, arguments.config_files)


@pytest.fixture
def write(tmp_path: Path):
    def write_file(name: str, text: str) -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write_file


def test_the_command_line_wins_over_files_and_later_files_over_earlier(write) -> None:
    first = write("first.yaml", "seed: 1\ndevice: cpu\nmodel:\n  gain: 2\n")
    second = write("second.yaml", "seed: 2\n")
    settings = settings_of("--model=mime", "--config_files", first, second, "--device=mps")
    assert settings.settings.seed == 2
    assert settings.settings.device == "mps"
    assert settings.settings.model == MimeSettings("Mime", gain=2.0)


def test_each_value_knows_the_layer_and_the_line_it_comes_from(write) -> None:
    path = write("mine.yaml", "# a comment\nseed: 3\n")
    origins = {line.key: line.layer for line in listed(settings_of("--config_files", path))}
    assert origins["seed"] == f"{path}:2"
    assert origins["device"] == "default"


@pytest.mark.parametrize("style", [("--config_files={0} {1}",), ("--config_files", "{0}", "{1}")])
def test_several_files_may_stand_in_one_word_or_in_several(write, style) -> None:
    files = write("a.yaml", "seed: 1\n"), write("b.yaml", "runs_folder: here\n")
    settings = settings_of(*(word.format(*files) for word in style)).settings
    assert (settings.seed, settings.runs_folder) == (1, "here")


def test_a_value_may_follow_its_key_with_or_without_an_equals_sign() -> None:
    assert settings_of("--seed", "5").settings == settings_of("--seed=5").settings


def test_names_are_matched_without_case_dash_and_underscore() -> None:
    assert settings_of("--model=m-i_ME").settings.model.name == "Mime"


def test_the_plain_value_of_a_group_is_its_first_field() -> None:
    settings = settings_of("--model.gain=0.5", "--model=Mime", "--train").settings
    assert settings.model == MimeSettings("Mime", gain=0.5)
    assert settings.train.enabled


@pytest.mark.parametrize(
    ("written", "value"),
    [("off", "off"), ("1e-4", "1e-4"), ("12:30", "12:30"), ("'07'", "07"), ("no", "no")],
)
def test_text_stays_the_text_that_was_written(write, written: str, value: str) -> None:
    path = write("mine.yaml", f"model:\n  name: Mime\n  code: {written}\n")
    assert settings_of("--config_files", path).settings.model.code == value


def test_a_number_may_be_written_with_an_exponent(write) -> None:
    path = write("mine.yaml", "model: {name: Mime, gain: 1e-4}")
    assert settings_of("--config_files", path).settings.model.gain == 1e-4


@pytest.mark.parametrize("value", ["__import__('os').getpid()", "$(id)", "`id`", "a: b", "@x"])
def test_a_value_on_the_command_line_is_never_evaluated(value: str) -> None:
    assert settings_of("--model=Mime", f"--model.code={value}").settings.model.code == value


@pytest.mark.parametrize("value", ["[lips, eyes]", "lips,eyes", "lips, eyes", "['lips', eyes]"])
def test_a_list_can_be_written_in_one_word(value: str) -> None:
    settings = settings_of("--model=Mime", f"--model.parts={value}").settings
    assert settings.model.parts == ("lips", "eyes")


def test_one_entry_of_a_mapping_changes_alone(write) -> None:
    path = write("mine.yaml", "model: {name: Mime, weights: {l1: 5}}")
    settings = settings_of("--config_files", path, "--model.weights.sync=2").settings
    assert settings.model.weights == {"l1": 5.0, "gan": 0.1, "sync": 2.0}


def test_a_list_of_groups_is_typed_and_checked(write) -> None:
    path = write(
        "mine.yaml", "model:\n  name: Mime\n  stages:\n  - {name: lips, steps: 3}\n  - all"
    )
    settings = settings_of("--config_files", path).settings
    assert settings.model.stages == (Stage("lips", 3), Stage("all", 10))


def test_the_written_file_gives_the_same_settings_again(write) -> None:
    first = settings_of(
        "--model=Mime", "--model.code=null", "--model.parts=a,b", "--evaluate.limit=3", "--seed=9"
    )
    again = settings_of("--config_files", write("config.yaml", as_file(first)))
    assert again.settings == first.settings


MISTAKES = [
    ("--sede=1", "command line: unknown key 'sede'. Did you mean 'seed'?"),
    ("--limit=1", "command line: unknown key 'limit'. Did you mean 'evaluate.limit'?"),
    ("--model.gian=1", "command line: unknown key 'model.gian'. Did you mean 'model.gain'?"),
    ("--seed=one", "command line: 'seed' takes a whole number, not 'one'."),
    ("--seed=1.0", "command line: 'seed' takes a whole number, not '1.0'."),
    ("--seed=-1", "command line: 'seed' is -1; it must be at least 0."),
    ("--model.gain=5", "command line: 'model.gain' is 5.0; it must be at most 4.0."),
    ("--model.gain=nan", "command line: 'model.gain' takes a number, not nan."),
    ("--train=2", "command line: 'train.enabled' takes true or false, not '2'."),
    ("--device=gpu", "takes one of auto, cpu, cuda, mps, not 'gpu'. Did you mean 'cpu'?"),
    ("--model.code=${oc.env:HOME}", "Settings hold plain values; write the value out."),
    ("--seed", "--seed without a value: 'seed' takes a whole number, not 'true'."),
    ("--train.enabled.now=1", "'train.enabled' takes one value: true or false."),
]


@pytest.mark.parametrize(("word", "sentence"), MISTAKES)
def test_a_mistake_on_the_command_line_is_a_sentence(word: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        settings_of("--model=Mime", word)
    assert sentence in str(error.value)


def test_mistakes_of_all_layers_are_told_at_once(write) -> None:
    file = write("wrong.yaml", "model:\n  name: Mime\n  gian: 1\n  gain: much\n")
    with pytest.raises(ConfigError) as error:
        settings_of("--config_files", file, "--seed=one")
    told = [sentence.partition(". ")[0] for sentence in str(error.value).splitlines()]
    assert told == [
        f"{file}:3: unknown key 'model.gian'",
        f"{file}:4: 'model.gain' takes a number, not 'much'.",
        "command line: 'seed' takes a whole number, not 'one'.",
    ]


def test_of_very_many_mistakes_the_first_three_are_told(write) -> None:
    wrong = "".join(f"word{number}: 1\n" for number in range(1000))
    below = "".join(f"  word{number}: 1\n" for number in range(1, 1000))
    for text in (wrong, f"word0: 1\ntrain:\n{below}"):
        with pytest.raises(ConfigError) as error:
            settings_of("--config_files", write("other.yaml", text))
        told = str(error.value).splitlines()
        assert len(told) == 3
        assert all(f"word{number}'" in sentence for number, sentence in enumerate(told))


@pytest.mark.parametrize(
    ("text", "sentence"),  # the line that is wrong ends with #!
    [
        ("model:\n  name: Mime\n  gian: 2 #!\n", "unknown key 'model.gian'. Did you mean"),
        ("modle: #!\n  name: Mime\n  gain: 2\n", "unknown key 'modle'. Did you mean 'model'?"),
        ("model:\n  name: Mime\n  pats: #!\n    - lips\n", "unknown key 'model.pats'"),
        ("model.name: Mime\nmodel.gian: #!\n  2\n", "unknown key 'model.gian'"),
        ("model:\n  name: Mime\n  gain: much #!\n", "takes a number, not 'much'"),
        ("model:\n  name: Mime\n  gain: #!\n    little: 1\n", "takes one value"),
        ("model:\n  name: Mime\n  gain: #!\n\nseed: 1\n", "takes a number, not ''"),
        ("model:\n  name: Mime\n  gain: 9 #!\n", "must be at most 4"),
        ("model:\n  name: Mime\n  weights:\n    l1: much #!\n", "takes a number"),
        (
            "model:\n  name: Mime\n  stages:\n    - steps: 1\n    - name: b\n      steps: x #!\n",
            "whole",
        ),
        ("model: #!\n  - Mime\n", "a name is one word"),
        ("model:\n  name: Mime\nseed: 1\nmodel: #!\n  gain: 2\n", "given twice"),
        ("seed: 1\nmodel: [Mime #!\n\nthreads: 2\n", "this is not YAML: expected ',' or ']'"),
        ("seed: 1\nmodel: 'Mime #!\n\n", "this is not YAML: found unexpected end"),
        ("seed: 1\nmodel #!\nthreads: 2\n", "this is not YAML: could not find"),
        ("model:\n  name: Mime\n gain: 2 #!\n", "this is not YAML: expected <block end>"),
        ("model:\n\tgain: 2 #!\n", "this is not YAML: found character"),
        ("seed: 1\nmodel: \a #!\n", "this is not YAML: special characters"),
        ("seed: 1\nmodel: &one Mime #!\n", "anchors and aliases are not read"),
        ("seed: 1\nmodel: !!python/name:os.system #!\n", "tag"),
        ("model:\n  name:Mime\n  gain: 2 #!\n", "Is there a space behind the colon"),
    ],
)
def test_a_mistake_in_a_file_names_the_line_that_it_stands_on(
    write, text: str, sentence: str
) -> None:
    comment = "# a remark before\n\n"
    path = write("mine.yaml", comment + text)
    line = (comment + text).split("#!")[0].count("\n") + 1
    with pytest.raises(ConfigError) as error:
        settings_of("--config_files", path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert sentence in str(error.value)


def test_a_key_that_is_given_twice_is_an_error(write) -> None:
    with pytest.raises(ConfigError, match="'seed' is given twice"):
        settings_of("--seed=1", "--seed=2")
    with pytest.raises(ConfigError, match=r"mine.yaml:2: the key 'seed' is given twice"):
        settings_of("--config_files", write("mine.yaml", "seed: 1\nseed: 2\n"))
    with pytest.raises(ConfigError, match=r"'model.name' is given twice"):
        settings_of("--model=Mime", "--model.name=Mime")


def test_an_unknown_name_comes_with_the_nearest_right_one() -> None:
    with pytest.raises(PluginError, match=r"no model called 'Mine'. Did you mean 'Mime'\?"):
        settings_of("--model=Mine")
    with pytest.raises(PluginError, match=r"no dataset called 'Steet'. Did you mean 'Street'\?"):
        settings_of("--dataset=Steet")


def test_a_missing_settings_file_says_where_it_was_looked_for() -> None:
    with pytest.raises(ConfigError, match=r"no settings file nowhere\.yaml.*properties"):
        settings_of("--config_files", "nowhere.yaml")


@pytest.mark.parametrize(
    "path",
    ["model/Still_Portrait.yaml", "./talkingface/properties/model/Still_Portrait.yaml"],
)
def test_a_settings_file_is_also_looked_for_below_properties(path: str) -> None:
    registry = Registry.of([Found(DatasetSpec("SynthTalk", "Drawn heads."), "here")])
    arguments = parse_arguments(["--config_files", path])
    resolved = resolve(registry, arguments.keys, arguments.config_files)
    assert resolved.settings.dataset.name == "SynthTalk"


def test_a_word_that_is_no_option_is_refused() -> None:
    with pytest.raises(UsageError, match="'-x' is no option"):
        parse_arguments(["-x"])
    with pytest.raises(UsageError, match="--config_files takes one file or more"):
        parse_arguments(["--config_files"])


def test_every_setting_has_a_sentence() -> None:
    untold = [one.key for one in leaves(Settings) if not one.sentence.endswith(".")]
    assert untold == []


OFF = ("weight_decay", "warmup_steps", "ema_decay", "keep_every", "validate_every", "patience")
COUNTS = ("steps", "batch_size", "accumulate", "save_every", "log_every", "validate_clips")
CLIPS = ("limit", "shuffled_clips", "control_people")
SHARES = ("betas", "ema_decay", "max_bad_samples")


def test_nothing_is_done_unasked_but_to_score_the_real_clips() -> None:
    assert [one.key for one in leaves(Settings) if one.default is True] == ["evaluate.truth"]
    off = [one for one in leaves(TrainSettings) if one.key in (*OFF, "num_workers")]
    assert [(one.default, one.minimum) for one in off] == [(0, 0)] * 7


def test_limits_are_what_the_numbers_mean_and_defaults_keep_them() -> None:
    settings = [*leaves(Settings), *leaves(StageSettings)]
    limits = {one.key.split(".")[-1]: (one.minimum, one.maximum) for one in settings}
    assert {limits[name] for name in (*COUNTS, *CLIPS)} == {(1, None)}
    assert {limits[name] for name in SHARES} == {(0, 1)}
    for one in settings:
        numbers = one.default if isinstance(one.default, tuple) else (one.default,)
        for number in numbers if one.minimum is not None else ():
            highest = math.inf if one.maximum is None else one.maximum
            assert number is None or one.minimum <= number <= highest, one.key


def test_values_of_python_say_what_the_words_of_a_command_say() -> None:
    train = {"enabled": True, "clip_norm": None, "betas": (0.5, 0.9), "curves": "none"}
    values = {"seed": 9, "train": train, "model": {"name": "Mime", "code": "07"}}
    by_words = settings_of(*words_of(values)).settings
    assert by_words == resolve(REGISTRY, section_of(values, "this call")).settings
    assert by_words == Settings(
        seed=9, train=TrainSettings(**train), model=MimeSettings("Mime", code="07")
    )


def test_a_file_that_is_written_is_plain_yaml() -> None:
    text = as_file(settings_of("--model=Mime"))
    assert yaml.safe_load(text)["model.gain"] == 1.0
