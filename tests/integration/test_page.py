"""The page as a server: what it gives out, what it takes, and what it says.

All slow: to import gradio takes five seconds.
"""

import json
import re
import shlex
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from talkingface.cli import main
from talkingface.config.locations import PACKAGE
from talkingface.media import write_picture
from talkingface.web.serving import LONGEST_QUEUE, Opened, open_page
from tests.filming import record
from tests.integration.page_visitor import Visitor

pytestmark = pytest.mark.slow

ROOT = PACKAGE.parent
SLOW = """
import time
from pathlib import Path
import torch
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import register_model

@register_model("Slow", "Noise, slowly.", controls=frozenset({"lip"}))
class Slow(TalkingFaceModel):
    def generate(self, job):
        log = Path(__file__).with_name("times.txt")
        begun = time.time()
        try:
            for _ in range(self.num_frames(job)):
                time.sleep(0.05)
                yield torch.rand(1, 3, 64, 64) * 2 - 1
        finally:
            with log.open("a") as file:
                file.write(f"{begun} {time.time()}\\n")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what visitors have, a slow method, and the report of a run."""
    home = tmp_path_factory.mktemp("home")
    (home / "slow.py").write_text(SLOW)
    noise = np.random.default_rng(0).integers(40, 220, (64, 64, 3)).astype(np.uint8)
    write_picture(home / "face.png", noise)
    tone = (0.3 * np.sin(np.arange(16_000) * 0.2)).astype(np.float32)
    record(home / "speech.wav", tone, "pcm_s16le")
    record(home / "long.wav", np.zeros(61 * 8000, np.float32), "pcm_s16le", 8000)
    (home / "text.png").write_text("no picture")
    (home / "runs" / "first").mkdir(parents=True)
    (home / "runs" / "first" / "report.html").write_text("<h1>first</h1>")
    return home


@pytest.fixture(scope="module")
def opened(home: Path) -> Iterator[Opened]:
    """Open the page once for all tests."""
    plugins = (str(home / "slow.py"),)
    with open_page(port=0, device="cpu", runs=home / "runs", plugins=plugins) as page:
        yield page


@pytest.fixture
def visitor(opened: Opened) -> Visitor:
    return Visitor(opened.address, opened.page.blocks)


def given(visitor: Visitor, opened: Opened, home: Path, **files: str) -> dict[object, object]:
    """Return what a visitor has put into the page, by its parts."""
    make = opened.page.make
    names = {"portrait": "face.png", "speech": "speech.wav", **files}
    uploaded = {
        part: visitor.upload(home / names[part]) if names[part] else None
        for part in ("portrait", "speech")
    }
    return {
        make.method: "Slow",
        make.person.portrait: uploaded["portrait"],
        make.person.speech: uploaded["speech"],
    }


def sentence(answer: dict) -> str | None:
    """Return what a visitor is told went wrong; nothing but that it did where gradio refuses."""
    assert answer["msg"] == "process_completed"
    if not answer["success"]:
        return answer["output"]["error"]
    (told,) = re.findall('role="alert"><span>(.*)</span>', answer["output"]["data"][0])
    return unescape(told)


def test_it_is_open_to_this_machine_alone(opened: Opened, visitor: Visitor) -> None:
    assert opened.address.startswith("http://127.0.0.1:")
    assert visitor.get("/") == 200
    assert not opened.page.blocks.share


def test_no_file_of_the_host_is_given_out(opened: Opened, visitor: Visitor) -> None:
    hidden = Path(opened.page.make._private) / "hidden.txt"
    hidden.parent.mkdir(exist_ok=True)
    hidden.write_text("secret")
    paths = [
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        f"{ROOT}/checkpoints/weights.yaml",
        f"{ROOT}/properties/overall.yaml",
        "checkpoints/weights.yaml",
        str(hidden),
    ]
    found = {path: visitor.get(f"/gradio_api/file={path}") for path in paths}
    assert set(found.values()) <= {403, 404}, found


def test_a_video_is_made_and_is_that_of_its_command_line(
    opened: Opened, visitor: Visitor, home: Path, monkeypatch
) -> None:
    make = opened.page.make
    said = given(visitor, opened, home) | {make.seed: 7, make.mark: True}
    answer = visitor.pressed(make.start, said)
    assert answer["success"], answer
    status, video, command = answer["output"]["data"]
    assert "Done." in status
    made = visitor.fetch(video["url"])
    monkeypatch.chdir(home)
    words = [*shlex.split(command["value"])[2:], "--device=cpu", "--plugins=slow.py"]
    assert main(words) == 0
    assert (home / "face.mp4").read_bytes() == made
    with av.open(str(home / "face.mp4")) as file:
        assert file.metadata["comment"] == "synthetic"
    assert not list((make._private / "jobs").iterdir())  # what is shown is gradio's own copy


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"portrait": ""}, "There is no portrait. Upload a picture"),
        ({"speech": ""}, "There is no speech. Upload some"),
        ({"portrait": "text.png"}, "text.png is not a picture that can be read."),
        ({"speech": "long.wav"}, "long.wav lasts longer than 60 seconds"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    opened: Opened, visitor: Visitor, home: Path, files: dict[str, str], told: str
) -> None:
    answer = visitor.pressed(opened.page.make.start, given(visitor, opened, home, **files))
    assert (sentence(answer) or "").startswith(told)
    assert "/" not in str(sentence(answer))
    assert "Traceback" not in json.dumps(answer)


def test_a_face_that_is_not_there_is_said_in_a_sentence(
    opened: Opened, visitor: Visitor, home: Path
) -> None:
    said = given(visitor, opened, home) | {opened.page.make.method: "Mesh_Warp"}
    answer = visitor.pressed(opened.page.make.start, said)
    assert "no face was found" in str(sentence(answer))
    assert "/" not in str(sentence(answer))


@pytest.mark.parametrize("path", ["http://127.0.0.1/a.png", "https://example.org/a.png"])
def test_no_address_is_followed(opened: Opened, visitor: Visitor, home: Path, path: str) -> None:
    for part in files_of(opened):
        said = given(visitor, opened, home) | {part: visitor.file_at(path)}
        answer = visitor.pressed(opened.page.make.start, said)
        assert sentence(answer) == "Upload a file; addresses are not followed."


@pytest.mark.parametrize("path", ["/etc/passwd", "file:///etc/passwd", "../../../etc/passwd"])
def test_no_file_that_was_not_uploaded_is_read(
    opened: Opened, visitor: Visitor, home: Path, path: str
) -> None:
    for part in files_of(opened):
        said = given(visitor, opened, home) | {part: visitor.file_at(path)}
        assert sentence(visitor.pressed(opened.page.make.start, said)) is None


def files_of(opened: Opened) -> list[object]:
    """Return the parts of the page that take files."""
    make = opened.page.make
    drivers = [control.driver for control in make.controls if control.driver is not None]
    assert len(drivers) == 4
    return [make.person.portrait, make.person.speech, *drivers]


def test_a_method_that_is_not_offered_is_refused(
    opened: Opened, visitor: Visitor, home: Path
) -> None:
    said = given(visitor, opened, home) | {opened.page.make.method: "../weights.safetensors"}
    assert not visitor.pressed(opened.page.make.start, said)["success"]


def test_a_file_that_is_too_large_is_not_taken(visitor: Visitor, home: Path) -> None:
    (home / "large.wav").write_bytes(bytes(51 * 2**20))
    with pytest.raises(urllib.error.HTTPError) as refused:
        visitor.upload(home / "large.wav")
    assert refused.value.code == 413


def test_jobs_wait_for_each_other(opened: Opened, home: Path) -> None:
    (home / "times.txt").unlink(missing_ok=True)
    visitors = [Visitor(opened.address, opened.page.blocks) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        make = opened.page.make.start
        answers = list(pool.map(lambda one: one.pressed(make, given(one, opened, home)), visitors))
    assert all(answer["success"] for answer in answers)
    times = sorted(
        tuple(map(float, line.split())) for line in (home / "times.txt").read_text().splitlines()
    )
    assert len(times) == 3
    for (_, ended), (begun, _) in pairwise(times):
        assert begun >= ended


def test_a_queue_that_is_full_takes_no_more(opened: Opened, home: Path) -> None:
    visitors = [Visitor(opened.address, opened.page.blocks) for _ in range(LONGEST_QUEUE + 3)]
    said = given(visitors[0], opened, home) | {opened.page.make.person.speech: None}
    first, start = visitors[0], opened.page.make.start
    first.press(start, given(first, opened, home))  # a second of work, behind which others wait
    refused = []
    for one in visitors[1:]:
        try:
            one.press(start, said)
        except urllib.error.HTTPError as error:
            refused.append(error.code)
    assert refused
    assert set(refused) == {503}
    for one in visitors[: len(visitors) - len(refused)]:
        list(one.answers())


def test_what_is_an_hour_old_is_deleted(opened: Opened, visitor: Visitor, home: Path) -> None:
    from gradio.route_utils import delete_files_created_by_app

    assert opened.page.blocks.delete_cache == (600, 3600)
    answer = visitor.pressed(opened.page.make.start, given(visitor, opened, home))
    video = answer["output"]["data"][1]
    assert visitor.fetch(video["url"])
    delete_files_created_by_app(opened.page.blocks, age=3600)
    assert Path(video["path"]).exists()
    delete_files_created_by_app(opened.page.blocks, age=-1)
    assert not Path(video["path"]).exists()
    assert not [path for path in Path(video["path"]).parents[1].rglob("*") if path.is_file()]


def test_two_methods_are_compared_on_the_same_input(
    opened: Opened, visitor: Visitor, home: Path
) -> None:
    compare = opened.page.compare
    answer = visitor.pressed(
        compare.start,
        {
            compare.methods[0]: "Slow",
            compare.methods[1]: "Loud_Mouth (demo weights)",
            compare.person.portrait: visitor.upload(home / "face.png"),
            compare.person.speech: visitor.upload(home / "speech.wav"),
            compare.seed: 3,
        },
    )
    assert answer["success"], answer
    status, *shown = answer["output"]["data"]
    assert "Done." in status
    assert "--model=Loud_Mouth" in json.dumps(shown)


def test_a_report_of_a_past_run_is_opened(opened: Opened, visitor: Visitor) -> None:
    reports = opened.page.reports
    assert "&lt;h1&gt;first&lt;/h1&gt;" in reports.opened("first")
    assert reports.opened("../first") == ""
