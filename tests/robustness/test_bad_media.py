"""Media as they come: each gives the right result, or a sentence that names file and cure."""

import shutil
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from av.error import FFmpegError

from talkingface.errors import DataError
from talkingface.media import open_frames, open_speech, read_picture
from talkingface.media.container import OPEN_OPTIONS
from tests.filming import film, number_of, numbered, record
from tests.robustness.bad_media import (
    NUM_PICTURES,
    VARIABLE_MS,
    cut_off_with_index_in_front,
    make_bad_media,
    portrait,
    tone,
)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_bad_media(tmp_path_factory.mktemp("bad media"))


@pytest.fixture(autouse=True)
def in_time() -> None:
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < 10


def numbers(path: Path, fps: float | None = None) -> list[int]:
    return [number_of(picture) for picture in open_frames(path, fps)]


def everything_of(path: Path) -> None:
    list(open_frames(path))


def sound_of(path: Path) -> None:
    open_speech(path).read(16000)


def test_there_are_sixteen(media: dict[str, Path]) -> None:
    assert len(set(media.values())) == 16


@pytest.mark.parametrize(
    ("matter", "use", "sentence"),
    [
        ("zero bytes", everything_of, r"empty\.mp4 is empty \(0 bytes\)\. Copy or download"),
        ("zero bytes", sound_of, r"empty\.mp4 is empty"),
        ("text", everything_of, r"text\.mp4 cannot be read as video or sound .* give an mp4"),
        ("text", sound_of, r"text\.mp4 cannot be read as video or sound"),
        ("cut off", everything_of, r"half\.mp4 cannot be read.*cut off.*download it again"),
        ("cut off", sound_of, r"half\.mp4 cannot be read"),
        ("no audio", sound_of, r"mute\.mp4 has no sound\. Give the speech"),
        ("no video", everything_of, r"sound\.mp4 has no pictures, only sound\. Give a video"),
        ("NaN", sound_of, r"nan\.wav holds values that are not numbers.*Export"),
        ("alpha", everything_of, r"cut_out\.png is one picture\. Give a video"),
        ("text", read_picture, r"text\.mp4 is not a picture .* Give a jpg"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    media: dict[str, Path], matter: str, use: Callable[[Path], object], sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        use(media[matter])


def test_no_audio_does_not_hurt_the_pictures(media: dict[str, Path]) -> None:
    assert numbers(media["no audio"]) == list(range(NUM_PICTURES))


def test_no_video_does_not_hurt_the_sound(media: dict[str, Path]) -> None:
    assert open_speech(media["no video"]).seconds == pytest.approx(2, abs=1e-3)


def test_one_frame_is_a_film_of_one_picture(media: dict[str, Path]) -> None:
    assert numbers(media["one frame"]) == [7]


def test_variable_fps_is_shown_at_its_own_pace(media: dict[str, Path]) -> None:
    shown = numbers(media["variable fps"], fps=25)
    assert len(shown) == pytest.approx(VARIABLE_MS[-1] / 40, abs=1.5)
    for k, number in enumerate(shown):
        errors = [abs(moment - 40 * k) for moment in VARIABLE_MS]
        assert errors[number] == min(errors)


def test_an_odd_size_is_kept(media: dict[str, Path]) -> None:
    assert open_frames(media["odd size"]).read(0, 1).shape == (1, 47, 63, 3)
    assert numbers(media["odd size"]) == list(range(NUM_PICTURES))


def test_a_rotation_flag_is_obeyed(media: dict[str, Path]) -> None:
    frames = open_frames(media["rotation flag"])
    assert frames.read(0, 1).shape == (1, 64, 48, 3)
    assert [number_of(picture) for picture in frames] == list(range(9))


def test_ten_bits_become_eight(media: dict[str, Path]) -> None:
    assert numbers(media["10 bits"]) == list(range(NUM_PICTURES))
    error = open_frames(media["10 bits"]).read(0, 1)[0].astype(int) - numbered(0)
    assert np.abs(error).mean() < 4  # lossy; the two bits too many would give 60 and more


def test_transparent_parts_are_white(media: dict[str, Path]) -> None:
    picture = read_picture(media["alpha"])
    assert (picture[:12] == 255).all()
    assert (picture[12:] == portrait()[12:]).all()


@pytest.mark.parametrize("matter", ["CMYK", "EXIF"])
def test_odd_jpegs_look_as_they_should(media: dict[str, Path], matter: str) -> None:
    picture = read_picture(media[matter])
    assert picture.shape == portrait().shape
    assert np.abs(picture.astype(int) - portrait()).mean() < 3  # JPEG at quality 95


def test_telephone_stereo_becomes_mono_at_the_rate_asked_for(media: dict[str, Path]) -> None:
    sound = open_speech(media["8 kHz stereo"]).read(16000)
    assert sound.shape == (32000,)
    middle = slice(1000, -1000)
    assert np.abs(sound - tone())[middle].max() < 1e-3


def test_silence_stays_silent(media: dict[str, Path]) -> None:
    sound = open_speech(media["silent"]).read(16000)
    assert sound.shape == (32000,)
    assert not sound.any()


def test_half_a_film_with_its_index_in_front_is_refused(tmp_path: Path) -> None:
    path = cut_off_with_index_in_front(tmp_path / "half.mp4")
    with pytest.raises(DataError, match=r"half\.mp4 is cut off: .* of 2\.0 seconds"):
        open_frames(path)
    with pytest.raises(DataError, match=r"half\.mp4 is cut off: .* of 2\.0 seconds"):
        open_speech(path).read(16000)


@pytest.mark.parametrize("suffix", ["mkv", "avi", "flac"])
def test_other_kinds_that_are_cut_off_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"half.{suffix}"
    use = everything_of
    if suffix == "flac":
        record(path, tone(), "flac")
        use = sound_of
    else:
        film(path, (numbered(index, 256, 192) for index in range(NUM_PICTURES)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DataError, match=rf"half\.{suffix} .*Copy or download it again"):
        use(path)


@pytest.mark.parametrize("share", np.linspace(0.02, 0.98, 25).round(2))
def test_a_film_cut_anywhere_never_passes_for_whole(
    tmp_path: Path, media: dict[str, Path], share: float
) -> None:
    whole = media["zero bytes"].with_name("whole.mp4").read_bytes()
    (tmp_path / "part.mp4").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match=r"part\.mp4"):
        everything_of(tmp_path / "part.mp4")


@pytest.mark.parametrize("seed", range(30))
def test_random_damage_gives_pictures_or_a_sentence(
    tmp_path: Path, media: dict[str, Path], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray(media["zero bytes"].with_name("whole.mp4").read_bytes())
    for place in rng.integers(0, len(content), size=40):
        content[place] = rng.integers(256)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    for use in (everything_of, sound_of):
        with suppress(DataError):
            use(path)


PLAYLISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile '{}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\na=note:{}\n",
    "mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
    '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
    "<BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "imf.xml": "<?xml version='1.0'?><CompositionPlaylist>{}</CompositionPlaylist>",
}


@pytest.mark.parametrize("target", ["other.mp4", "http://127.0.0.1:9/other.mp4", "/etc/passwd"])
@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("named", ["as it is", "as a video"])
def test_a_playlist_that_names_another_file_or_url_is_refused(
    tmp_path: Path, media: dict[str, Path], kind: str, target: str, named: str
) -> None:
    shutil.copy(media["no audio"], tmp_path / "other.mp4")
    path = tmp_path / ("list." + kind if named == "as it is" else "list.mp4")
    path.write_text(PLAYLISTS[kind].format(target))
    for use in (everything_of, sound_of):
        with pytest.raises(DataError, match=r"list\.\S+ .*playlists are not followed"):
            use(path)


def test_what_a_file_names_on_the_network_is_never_asked_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/other.mp4"
        with pytest.raises(FFmpegError):
            av.open(url, options=dict(OPEN_OPTIONS), timeout=1)
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


@pytest.mark.parametrize(
    "name", ["a b.mp4", 'it\'s "so".mp4', "-rf.mp4", "漢é🙂.mp4", "http:x.mp4", "a%06d.mp4"]
)
def test_any_name_can_be_read(
    tmp_path: Path, media: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(media["one frame"], tmp_path / name)
    assert numbers(Path(name)) == [7]
    shutil.copy(media["silent"], tmp_path / name)
    assert open_speech(name).seconds == 2
    shutil.copy(media["CMYK"], tmp_path / name)
    assert read_picture(name).shape == (48, 64, 3)


@pytest.mark.parametrize("use", [open_frames, open_speech, read_picture])
def test_what_is_not_there_is_said(tmp_path: Path, use: Callable[[Path], object]) -> None:
    with pytest.raises(DataError, match=r"none\.mp4 does not exist"):
        use(tmp_path / "none.mp4")
