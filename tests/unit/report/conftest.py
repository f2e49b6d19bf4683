"""Runs that a report is made of, written as `talkingface.engine.results` says."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talkingface.media.image import write_picture
from talkingface.media.sound import SpeechArray
from talkingface.media.writer import write_video

METRICS = {
    "SSIM": ("Structural similarity of each frame to the real one.", "", True, 0.64, "pictures"),
    "LMD": ("Distance of the mouth's landmarks, each mouth centred.", "px", False, 2.4, "lip"),
    "LSE_D": ("Distance between lips and sound by SyncNet.", "", False, 8.1, "nothing"),
    "CPBD": ("Sharpness of the generated frames alone.", "", True, 0.17, "nothing"),
}
BESIDE = {"truth": 1.3, "portrait_repeated": 0.8, "shuffled_speech": 0.9}  # factors on the method
CONTROLS = {
    "moved": ["lip", "pose", "blink"],
    "factors": ["lip", "pose", "blink", "gaze", "emotion"],
    "method": [
        [0.71, 0.02, 0.1, 0.03, 0.2],
        [0.08, 0.9, 0.3, 0.24, 0.05],
        [0.0, 0.01, 0.4, 0.1, 0],
    ],
    "floor": [
        [0.98, 0.01, 0.02, 0.02, 0.03],
        [0.02, 0.99, 0.04, 0.05, 0],
        [0.01, 0, 0.97, 0.02, 0],
    ],
    "correlation": {"lip": 0.83, "pose": 0.97, "blink": None},
    "correlation_floor": {"lip": 0.99, "pose": 1.0, "blink": 0.98},
    "num_people": 4,
    "num_frames": 50,
}


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a video and a contact sheet, made once."""
    folder = tmp_path_factory.mktemp("media")
    pictures = np.full((25, 64, 64, 3), 90, np.uint8)
    for time, picture in enumerate(pictures):
        picture[20:40, time : time + 16] = (200, 120, 60)
    hum = (0.1 * np.sin(np.arange(16000) * 0.04)).astype(np.float32)
    write_video(folder / "clip.mp4", pictures, 25, SpeechArray(hum, 16000))
    write_picture(folder / "clip.jpg", np.hstack([*pictures[::5]]))
    return folder


@pytest.fixture
def make_run(tmp_path: Path, media: Path) -> Callable[..., Path]:
    """Return a function that makes the folder of an evaluation."""

    def make(name: str = "a-run", clips: int = 6, better: float = 0.0, **about: Any) -> Path:
        folder = tmp_path / name
        (folder / "videos").mkdir(parents=True)
        (folder / "sheets").mkdir()
        draw = np.random.default_rng(len(name))
        scores = {
            metric: one[3] * (1 + better) + 0.1 * one[3] * draw.standard_normal(clips)
            for metric, one in METRICS.items()
        }
        names = [f"clip_{index:03}" for index in range(clips)]
        results = {**results_of(scores), **about}
        (folder / "results.json").write_text(json.dumps(results))
        write_rows(folder, names, scores)
        (folder / "curves.json").write_text(json.dumps({one: curves_of() for one in names}))
        (folder / "config.yaml").write_text("model.name: Mime\nseed: 0\nevaluate.limit: null\n")
        manifest = {"started": "2030-01-02_03-04-05", "seed": 0, "packages": {"numpy": "2.4"}}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        for one in names[:2]:
            shutil.copy(media / "clip.mp4", folder / "videos" / f"{one}.mp4")
            shutil.copy(media / "clip.jpg", folder / "sheets" / f"{one}.jpg")
        return folder

    return make


def results_of(scores: dict[str, Any]) -> dict[str, Any]:
    def summary(values: Any, factor: float = 1.0) -> dict[str, Any]:
        mean, error = values.mean() * factor, values.std(ddof=1) / len(values) ** 0.5
        facts = {"num_frames": 28 * len(values), "num_missing": 1}
        return {
            "mean": mean,
            "standard_error": error,
            "num_clips": len(values),
            "facts": facts,
        }

    metrics = {
        metric: {
            "sentence": one[0],
            "unit": one[1],
            "higher_is_better": one[2],
            "bounds": [0, None],
            "version": "1",
            "scope": "clip",
            "compares": one[4],
            "settings": {"colour": "RGB", "window": "Gaussian, 11 px"},
            "weights": {"syncnet": "ab" * 32} if metric == "LSE_D" else {},
        }
        for metric, one in METRICS.items()
    }
    return {
        "format": "talkingface-results",
        "version": 1,
        "method": "Mime",
        "weights": "demo weights (small): demo.safetensors",
        "dataset": "Squares",
        "split": "test",
        "protocol": "self",
        "seed": 0,
        "fps": 25.0,
        "seconds": 3.2,
        "num_clips": len(scores["SSIM"]),
        "failures": {},
        "extra": [],
        "list_sha256": "cd" * 32,
        "rules": {
            "length": {"setting": "trim", "sentence": "Cut to the shorter one."},
            "readers": {"sentence": "Faces are read.", "weights": {"Reader": "0123456789abcdef"}},
        },
        "metrics": metrics,
        "unavailable": {
            "LPIPS": {"reason": "It needs weights that are not here.", "download": "download lpips"}
        },
        "scores": {metric: summary(values) for metric, values in scores.items()},
        "beside": {
            subject: {metric: summary(values, factor) for metric, values in scores.items()}
            for subject, factor in BESIDE.items()
        },
        "paper": {"SSIM": {"value": 0.861, "source": "Table 1"}},
        "controls": CONTROLS,
    }


def curves_of() -> dict[str, Any]:
    time = np.arange(40) / 25
    real = (0.3 + 0.2 * np.sin(9 * time)).tolist()
    generated = (0.28 + 0.15 * np.sin(9 * time - 0.4)).tolist()
    shifts = list(range(15, -16, -1))
    return {
        "method": {
            "MAR_correlation": {"generated": [None, *generated[1:]], "real": real},
            "LSE_D": {"offset": shifts, "distance": [8 + 0.2 * abs(one - 1) for one in shifts]},
        },
        "truth": {
            "LSE_D": {"offset": shifts, "distance": [6 + 0.4 * min(9, abs(one)) for one in shifts]}
        },
    }


def write_rows(folder: Path, names: list[str], scores: dict[str, Any]) -> None:
    titles = [
        "clip",
        "subject",
        "num_frames",
        "fps",
        "codec",
        *scores,
        "video",
        "sheet",
        "remarks",
        "failure",
    ]
    with (folder / "per_clip.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(titles)
        for index, name in enumerate(names):
            for subject, factor in {"method": 1.0, **BESIDE}.items():
                values = [one[index] * factor for one in scores.values()]
                table.writerow(
                    [
                        name,
                        subject,
                        28,
                        25.0,
                        "h264",
                        *values,
                        f"{name}.mp4",
                        f"{name}.jpg",
                        "cut by 1 frame",
                        "",
                    ]
                )
