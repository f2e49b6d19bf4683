"""Who may come in, which reports can be opened, and what is said when something goes wrong."""

import ast
from pathlib import Path

import pytest

from talkingface.errors import CheckpointError, DataError, UsageError
from talkingface.web import door, past_runs, sentences

WEB = Path(sentences.__file__).parent


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "example.org", "::"])
def test_others_come_in_only_with_a_password(host: str, monkeypatch) -> None:
    with pytest.raises(UsageError, match=r"others can reach the page\. Write --auth=USER:env:VAR"):
        door.password_of(None, host)
    monkeypatch.setenv("PAGE_PASSWORD", "open:sesame")
    assert door.password_of("ann:env:PAGE_PASSWORD", host) == ("ann", "open:sesame")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_nobody_is_asked_on_this_machine_alone(host: str) -> None:
    assert door.password_of(None, host) is None


@pytest.mark.parametrize("auth", ["ann:secret", "ann", "ann:env:", ":env:HOME", "a:b:c:d"])
def test_a_password_that_stands_in_the_command_is_refused(auth: str) -> None:
    with pytest.raises(UsageError, match="stands in no history") as refused:
        door.password_of(auth, "0.0.0.0")
    assert "secret" not in str(refused.value)


def test_a_variable_that_is_not_set_is_refused(monkeypatch) -> None:
    monkeypatch.delenv("PAGE_PASSWORD", raising=False)
    with pytest.raises(UsageError, match="PAGE_PASSWORD of --auth is not set"):
        door.password_of("ann:env:PAGE_PASSWORD", "127.0.0.1")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/srv/www/x/face.jpg, frame 3: no face", "face.jpg, frame 3: no face"),
        (r"C:\Users\ann\face.jpg is damaged", "face.jpg is damaged"),
        ("Write and/or read https://example.org/a/b", "Write and/or read https://example.org/a/b"),
        ("No file '/home/x/w.pt'.", "No file 'w.pt'."),
        ("24/1 pictures", "24/1 pictures"),
    ],
)
def test_no_folder_of_the_host_is_told(said: str, told: str) -> None:
    assert sentences.sentence_of(DataError(said)) == told
    assert sentences.sentence_of(CheckpointError(said)) == told


def test_a_fault_of_ours_tells_nothing_of_itself() -> None:
    assert sentences.sentence_of(ValueError("/root/secret")) == sentences.OUR_FAULT


def test_only_reports_of_runs_can_be_opened(tmp_path: Path) -> None:
    for name in ("first", "second <b>"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_text(f"<h1>{name} & 'more'</h1>")
    (tmp_path / "unfinished").mkdir()
    (tmp_path.parent / "report.html").write_text("outside")
    assert set(past_runs.names(tmp_path)) == {"first", "second <b>"}
    shown = past_runs.framed(tmp_path, "second <b>")
    assert 'sandbox="allow-scripts"' in shown
    assert "<b>" not in shown.replace("&lt;b&gt;", "")
    assert "&lt;h1&gt;second" in shown
    for name in (None, "", "..", "unfinished", "../first", str(tmp_path / "first")):
        assert past_runs.framed(tmp_path, name) == ""


def test_nothing_that_is_typed_reaches_the_file_system() -> None:
    """The page has no part in which a path or an address could be written."""
    typed = {"Textbox", "TextArea", "MultimodalTextbox", "FileExplorer", "UploadButton", "load"}
    for file in WEB.glob("*.py"):
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "gr":
                assert node.attr not in typed, f"{file.name}: gr.{node.attr}"
            if isinstance(node, ast.keyword):
                assert node.arg not in ("allow_custom_value", "allowed_paths"), file.name
