"""The page in a real browser, as a person uses it.

All slow: a browser, gradio and videos take half a minute. It needs Chromium, as Debian's package of
this name gives it.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from talkingface.media import open_frames, write_picture
from talkingface.web.serving import Opened, open_page
from tests.filming import record

pytestmark = pytest.mark.slow

SLOW = """
import time
import torch
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import register_model

@register_model(
    "Slow", "Noise, slowly.", controls=frozenset({"pose"}), angles=frozenset({"pose"})
)
class Slow(TalkingFaceModel):
    def generate(self, job):
        for _ in range(self.num_frames(job)):
            time.sleep(0.2)
            yield torch.rand(1, 3, 64, 64) * 2 - 1
"""
REPORT = "<!doctype html><html><body><h1>Report of a run</h1></body></html>"
DONE_MS = 120_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "slow.py").write_text(SLOW)
    write_picture(home / "me.jpg", astronaut()[:256, 96:352])
    hum = 0.2 * np.sin(np.arange(16_000) * 2 * np.pi * 600 / 16_000)
    record(home / "speech.wav", hum.astype(np.float32), "pcm_s16le")
    (home / "runs" / "a-run").mkdir(parents=True)
    (home / "runs" / "a-run" / "report.html").write_text(REPORT)
    return home


@pytest.fixture(scope="module")
def opened(home: Path) -> Iterator[Opened]:
    plugins = (str(home / "slow.py"),)
    with open_page(port=0, device="cpu", runs=home / "runs", plugins=plugins) as page:
        yield page


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        # Without its sandbox, which root may not have.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> tuple[int, int]:
    return request.param


def visit(browser, opened: Opened, size: tuple[int, int] = (1280, 900)):
    """Return the page in a window of a size, once its buttons are there."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.asked, page.complaints = [], []
    page.on("request", lambda one: page.asked.append(one.url))
    page.on("console", lambda one: page.complaints.append(one.text) if one.type == "error" else 0)
    page.goto(opened.address)
    page.get_by_role("button", name="Make the video").wait_for()
    return page


def choose(page, name: str, label: str = "Method") -> None:
    """Choose a name in a list."""
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=name, exact=True).click()
    page.get_by_role("option").first.wait_for(state="hidden")


def give(page, home: Path) -> None:
    """Upload a portrait and a speech."""
    for kind, file in (("image", "me.jpg"), ("audio", "speech.wav")):
        page.locator(f"input[type=file][accept*='{kind}']").first.set_input_files(home / file)
    page.get_by_role("img", name="Portrait").or_(page.locator("img")).first.wait_for()
    page.wait_for_function("document.querySelectorAll('.waveform-container, #waveform').length > 0")


def test_a_portrait_and_speech_become_a_video_that_plays(
    browser, opened: Opened, home: Path, width: tuple[int, int], tmp_path: Path
) -> None:
    page = visit(browser, opened, width)
    choose(page, "Mesh_Warp")
    give(page, home)
    page.get_by_role("button", name="Make the video").click()
    page.get_by_text(re.compile(r"Frame \d+ of 25")).wait_for(timeout=DONE_MS)
    page.get_by_text("Done. The file says that it is synthetic.").wait_for(timeout=DONE_MS)
    video = page.locator("video").last
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("[...document.querySelectorAll('video')].at(-1).currentTime > 0.4")
    shape = video.evaluate("video => [video.videoWidth, video.duration]")
    assert shape[0] == 256
    assert abs(shape[1] - 1) <= 0.04
    command = page.get_by_text("python run_talkingface.py generate --model=Mesh_Warp")
    assert "--source=me.jpg --audio=speech.wav" in command.inner_text()
    with page.expect_download() as download:
        page.locator("a[download][href*='.mp4']").click()
    download.value.save_as(tmp_path / "got.mp4")
    assert len(open_frames(tmp_path / "got.mp4")) == 25
    assert page.evaluate("document.documentElement.scrollWidth") <= width[0]
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        opened.address.split("/")[2]
    }
    assert page.complaints == []
    page.close()


def test_only_what_a_method_controls_can_be_moved(browser, opened: Opened) -> None:
    page = visit(browser, opened)
    shown = {"Mesh_Warp": {"Lips", "Head"}, "Still_Portrait": set(), "Slow": {"Head"}}
    for method, controls in {"Loud_Mouth (demo weights)": {"Lips"}, **shown}.items():
        choose(page, method)
        for name in ("Lips", "Head", "Eyelids", "Gaze", "Expression"):
            part = page.locator("button.label-wrap", has_text=name)
            part.wait_for(state="visible" if name in controls else "hidden")
    page.locator("button.label-wrap", has_text="Head").click()
    page.get_by_text("Turn (yaw), degrees").wait_for()
    page.close()


def test_a_job_that_is_stopped_makes_way_for_the_next(browser, opened: Opened, home: Path) -> None:
    page = visit(browser, opened)
    choose(page, "Slow")
    give(page, home)
    page.get_by_role("button", name="Make the video").click()
    page.get_by_text(re.compile(r"Frame [1-9]\d* of 25")).wait_for(timeout=DONE_MS)
    jobs = opened.page.make._private / "jobs"
    assert len(list(jobs.iterdir())) == 1
    page.get_by_role("button", name="Stop").first.click()
    page.get_by_text("Stopped.").wait_for()
    choose(page, "Still_Portrait")
    page.get_by_role("button", name="Make the video").click()
    page.get_by_text("Done.").wait_for(timeout=DONE_MS)
    assert list(jobs.iterdir()) == []
    page.close()


def test_what_is_wrong_is_told_on_the_page_until_something_goes_well(
    browser, opened: Opened, home: Path
) -> None:
    page = visit(browser, opened)
    page.get_by_role("button", name="Make the video").click()
    told = page.get_by_role("alert").filter(has_text="There is no portrait. Upload a picture")
    told.wait_for()
    choose(page, "Still_Portrait")
    give(page, home)
    page.get_by_role("button", name="Make the video").click()
    page.get_by_text("Done.").wait_for(timeout=DONE_MS)
    assert page.get_by_role("alert").count() == 0
    page.close()


def test_two_methods_stand_beside_each_other(
    browser, opened: Opened, home: Path, width: tuple[int, int]
) -> None:
    page = visit(browser, opened, width)
    open_tab(page, "Compare two methods")
    page.get_by_role("button", name="Try it with a drawn person").last.click()
    page.wait_for_function("document.querySelectorAll('#waveform, .waveform-container').length > 0")
    for side, method in (("first", "Still_Portrait"), ("second", "Loud_Mouth (demo weights)")):
        choose(page, method, f"The {side}")
    warning = page.get_by_text("Demo weights know drawn faces alone").locator("visible=true")
    warning.wait_for()
    assert warning.count() == 1  # of two methods, one draws by such weights
    page.get_by_role("button", name="Make both").click()
    page.get_by_text("Done. Both files say").wait_for(timeout=DONE_MS)
    page.wait_for_function(
        "[...document.querySelectorAll('video')].filter(one => one.readyState > 2).length === 2"
    )
    assert page.get_by_text("run_talkingface.py generate").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width[0]
    page.close()


def test_a_report_is_opened_within_the_page(browser, opened: Opened) -> None:
    page = visit(browser, opened)
    open_tab(page, "Reports")
    choose(page, "a-run", "Run")
    heading = page.frame_locator("iframe.report").get_by_role("heading", name="Report of a run")
    heading.wait_for()
    page.close()


def test_where_no_run_has_a_report_the_page_says_so(browser, home: Path, tmp_path: Path) -> None:
    with open_page(port=0, device="cpu", runs=tmp_path / "runs") as bare:
        page = visit(browser, bare)
        open_tab(page, "Reports")
        page.get_by_text("There is no report yet.").wait_for()
        assert not page.get_by_label("Run", exact=True).is_visible()
        page.close()


def open_tab(page, name: str) -> None:
    """Open a tab; on a phone some stand behind a button with three dots."""
    tab = page.get_by_role("tab", name=name)
    if not tab.first.is_visible():
        page.locator(".overflow-menu > button").click()
        page.locator(".overflow-dropdown").get_by_text(name).click()
        return
    tab.first.click()
