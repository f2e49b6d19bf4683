"""Settings files that want more than to be read are refused, fast and without effect."""

import resource
import time
from pathlib import Path

import pytest

from talkingface.config.yaml_tree import read_file
from talkingface.errors import ConfigError

ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "python_object": ("seed: !!python/object/apply:os.system ['touch ran']\n", "tag"),
    "target": ("model:\n  _target_: os.system\n", "unknown key 'model._target_'"),
    "alias_bomb": (ALIAS_BOMB, "anchors and aliases"),
    "fifty_megabytes": ("seed: 1\n" + "#" * 50_000_000, "50 MB"),
    "deep_nesting": ("seed: " + "[" * 100_000, "nested deeper"),
    "deep_mapping": ("".join(f"{' ' * i}a:\n" for i in range(1000)), "nested deeper"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_yaml_is_refused_quickly_and_in_little_memory(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from talkingface.config.layers import resolve
    from talkingface.config.yaml_tree import Origin, Section
    from talkingface.registry import Registry

    monkeypatch.chdir(tmp_path)
    text, sentence = HOSTILE[kind]
    path = tmp_path / "hostile.yaml"
    path.write_text(text)
    peak_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB
    started = time.perf_counter()
    with pytest.raises(ConfigError, match=sentence):
        resolve(Registry.of([]), Section({}, Origin("")), [str(path)])
    assert time.perf_counter() - started < 1.0  # A4: refused in under a second
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak_before) / 1024
    assert grown_mib < 200  # A4
    assert not (tmp_path / "ran").exists()


def test_bytes_that_are_no_text_are_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "binary.yaml"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(ConfigError, match="cannot be read"):
        read_file(path)
