"""The page in a real browser: it fits the screen, plays, sorts, and breaks no rule of its own.

These tests need Chromium, or Chrome, on the PATH; without one they fail and say so.
"""

import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingface.media.image import read_picture
from talkingface.report.record import read_record
from talkingface.report.report import write_report
from tests.unit.report.parsed_pages import HOSTILE

pytestmark = pytest.mark.slow

MakeRun = Callable[..., Path]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # no first steps, and no call home that would wait for an answer
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DARK = "--blink-settings=preferredColorScheme=0"
DESK, PHONE = 1200, 390  # px; a window is never as narrow as a phone, but a frame can be
HEIGHT = 900

# Runs in the page, and tells the frame around it what became of the page.
MEASURE = """
const broken = [];
addEventListener("securitypolicyviolation", (event) => broken.push(event.violatedDirective));
addEventListener("error", (event) => broken.push(event.message || "not loaded"), true);
addEventListener("load", async () => {
  const lengths = await Promise.all([...document.querySelectorAll("video")].map((video) =>
    new Promise((done) => {
      const tell = () => done(video.error ? video.error.message : video.duration);
      if (video.readyState || video.error) tell();
      else video.onloadedmetadata = video.onerror = tell;
    })));
  const sorted = [];
  const table = [...document.querySelectorAll("table.sorts")].pop();
  for (const press of [2, 2]) {
    table.querySelectorAll("thead button")[press].click();
    sorted.push([...table.tBodies[0].rows].map((row) => row.cells[0].textContent));
  }
  parent.postMessage(JSON.stringify({
    broken, lengths, sorted, hacked: "hacked" in window,
    window: innerWidth, content: document.documentElement.scrollWidth,
  }), "*");
});
"""


def browse(page: Path, width_px: int, *flags: str) -> str:
    """Show a page in a frame of a width; return what the page around it becomes."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("No browser is on the PATH. Install one (Debian: apt-get install chromium).")
    around = page.with_name("around.html")
    around.write_text(
        "<!doctype html><body style='margin: 0'><pre id='told'></pre>"
        "<script>onmessage = (event) => told.textContent = event.data</script>"
        f"<iframe src='{page.name}' style='border: 0; width: {width_px}px; height: {HEIGHT}px'>"
    )
    done = subprocess.run(
        [
            program,
            *(*QUIET, *flags),
            f"--user-data-dir={page.with_name('browser')}",
            f"--window-size={max(width_px, 500)},{HEIGHT}",
            around.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def measured(tmp_path: Path, run: Path, width_px: int) -> dict[str, Any]:
    """Return what became of the page of a run."""
    page = tmp_path / "measured.html"
    write_report([run], page)
    digest = b64encode(hashlib.sha256(MEASURE.encode()).digest()).decode()
    text = page.read_text("utf-8").replace("script-src ", f"script-src 'sha256-{digest}' ")
    page.write_text(text.replace("<title>", f"<script>{MEASURE}</script><title>", 1), "utf-8")
    told = browse(page, width_px, "--virtual-time-budget=20000", "--dump-dom")
    (found,) = re.findall(r'<pre id="told">(.*?)</pre>', told, re.DOTALL)
    answer: dict[str, Any] = json.loads(unescape(found))
    return answer


@pytest.mark.parametrize("width_px", [DESK, PHONE])
def test_the_page_fits_plays_and_sorts(make_run: MakeRun, tmp_path: Path, width_px: int) -> None:
    run = make_run(clips=4)
    found = measured(tmp_path, run, width_px)
    assert found["window"] == width_px
    assert found["content"] <= width_px
    assert found["broken"] == []
    assert found["lengths"] == pytest.approx([1.0, 1.0], abs=0.05)  # a block of sound longer
    scores = read_record(run).values("SSIM")
    rising = sorted(scores, key=lambda clip: scores[clip])
    assert found["sorted"] == [rising, rising[::-1]]


def test_hostile_names_run_nothing(make_run: MakeRun, tmp_path: Path) -> None:
    run = make_run(clips=4)
    attack = " ".join(HOSTILE).replace("alert(1)", "window.hacked=1")
    names = re.sub(r"[\x00\ud800]", "", attack)
    for file, word in (("results.json", "Mime"), ("results.json", "Squares"), ("config.yaml", "0")):
        text = (run / file).read_text()
        quoted = json.dumps(names)[1:-1] if file.endswith(".json") else names
        (run / file).write_text(text.replace(word, quoted))
    found = measured(tmp_path, run, DESK)
    assert found["hacked"] is False
    assert found["broken"] == []


@pytest.mark.parametrize("width_px", [DESK, PHONE])
def test_the_page_is_light_or_dark_as_the_reader_likes(
    make_run: MakeRun, tmp_path: Path, width_px: int
) -> None:
    page = tmp_path / "page.html"
    write_report([make_run()], page)
    levels = []
    for flags in ((), (DARK,)):
        picture = tmp_path / f"{'dark' if flags else 'light'}-{width_px}.png"
        browse(page, width_px, f"--screenshot={picture}", *flags)
        shown = read_picture(picture)[:, :width_px]
        assert shown.std() > 10  # something is written on the page
        levels.append(np.median(shown))
    assert levels[0] > 240  # the paper is nearly white, or nearly black
    assert levels[1] < 40
