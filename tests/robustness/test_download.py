"""Against a server on this machine: what is not the published file never gets its name."""

import hashlib
import io
import json
import os
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from talkingface.errors import CheckpointError, DownloadError, StorageError
from talkingface.storage import download, transfer
from talkingface.storage.catalogue import PublishedFile
from talkingface.storage.download import Inspection, Presence, accept, inspect

CONTENT = os.urandom(1 << 20) * 3  # three chunks
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PAGE = b"\n <!DOCTYPE html><html><body>Google Drive can't scan this file for viruses.</body></html>"


@dataclass
class Site:
    """What the server does: the content, its headers, and where it breaks off."""

    address: str = ""
    content: bytes = CONTENT
    kind: str = "application/octet-stream"
    etag: str | None = '"first"'
    breaks_after: int | None = None  # bytes of a body
    states_length: bool = True
    status: int = 200
    location: str | None = None
    asked: list[dict[str, str]] = field(default_factory=list)  # headers of each request


class Handler(BaseHTTPRequestHandler):
    """Answers like a server of files that knows ranges."""

    site: Site

    def do_GET(self) -> None:
        site = self.site
        site.asked.append(dict(self.headers))
        if site.location is not None or site.status >= 400:
            self.send_response(302 if site.location else site.status)
            self.send_header("Location", site.location or "")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body, start = site.content, 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and self.headers.get("If-Range", site.etag) == site.etag:
            start = int(wanted[1])
            if start >= len(body):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(body)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", site.kind)
        if site.states_length:
            self.send_header("Content-Length", str(len(body) - start))
        if site.etag:
            self.send_header("ETag", site.etag)
        self.end_headers()
        self.wfile.write(body[start:][: site.breaks_after])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": site}))
    site.address = f"http://127.0.0.1:{server.server_port}/weights.pth"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def entry(site: Site) -> PublishedFile:
    return PublishedFile(
        name="paper",
        used_by="a test",
        licence="none",
        page="https://example.org/page",
        url=site.address,
        file="weights.pth",
        folder="Paper/published",
        size=len(CONTENT),
        sha256=SHA256,
    )


def fetch(entry: PublishedFile, folder: Path, **options: object) -> Inspection:
    return download.fetch(entry, folder, plain_http_on_loopback=True, **options)  # type: ignore


def unverifiable(entry: PublishedFile) -> PublishedFile:
    return replace(entry, sha256=None, size=None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def refuse(entry: PublishedFile, folder: Path, reason: str) -> str:
    """Expect a refusal that names the way out, with nothing under the final name."""
    with pytest.raises(DownloadError, match=reason) as caught:
        fetch(entry, folder)
    assert not any(path.exists() for path in entry.paths(folder))
    assert inspect(entry, folder).presence is Presence.MISSING
    return str(caught.value)


def test_a_file_comes_whole_is_verified_and_is_not_fetched_twice(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    seen: list[tuple[int, int | None]] = []
    assert inspect(entry, tmp_path).presence is Presence.MISSING
    there = fetch(entry, tmp_path, progress=lambda here, total: seen.append((here, total)))
    path = tmp_path / "Paper" / "published" / "weights.pth"

    assert there == Inspection(Presence.RIGHT, (path,), "")
    assert path.read_bytes() == CONTENT
    assert names(tmp_path) == ["paper.receipt.json", "weights.pth"]
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [here for here, _ in seen] == sorted({here for here, _ in seen})
    assert fetch(entry, tmp_path) == there
    assert len(site.asked) == 1


def test_a_truncated_file_is_refused_and_goes_on_where_it_stopped(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    site.breaks_after = 1_000_000
    message = refuse(entry, tmp_path, r"ended after 1,000,000 of 3,145,728 bytes. Try again")
    assert "`download paper --from FILE`" in message
    site.breaks_after = None
    assert fetch(entry, tmp_path).presence is Presence.RIGHT
    assert site.asked[1]["Range"] == "bytes=1000000-"
    assert site.asked[1]["If-Range"] == '"first"'
    assert names(tmp_path) == ["paper.receipt.json", "weights.pth"]


def test_a_truncated_file_of_unstated_length_is_refused_by_its_size(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    site.breaks_after, site.states_length = 1_000_000, False
    refuse(entry, tmp_path, "it has 1,000,000 bytes instead of 3,145,728")


def test_the_rest_of_another_version_is_never_added(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    site.breaks_after = 1_000_000
    refuse(unverifiable(entry), tmp_path, "ended after")
    site.breaks_after, site.etag, site.content = None, '"second"', b"new" * 1_000_000
    there = fetch(unverifiable(entry), tmp_path)
    assert there.paths[0].read_bytes() == site.content


@pytest.mark.parametrize("etag", [None, 'W/"alike"'])
def test_without_checksum_or_version_a_file_is_begun_anew(
    tmp_path: Path, site: Site, entry: PublishedFile, etag: str | None
) -> None:
    site.breaks_after, site.etag = 1_000_000, etag
    refuse(unverifiable(entry), tmp_path, "ended after")
    site.breaks_after = None
    assert fetch(unverifiable(entry), tmp_path).paths[0].read_bytes() == CONTENT
    assert "Range" not in site.asked[1]


def test_a_part_that_is_longer_than_the_file_is_begun_anew(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    part = tmp_path / "Paper" / "published" / "weights.pth.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT + b"more")
    refuse(entry, tmp_path, "has no such rest")
    assert fetch(entry, tmp_path).presence is Presence.RIGHT


def test_a_changed_file_is_refused(tmp_path: Path, site: Site, entry: PublishedFile) -> None:
    site.content = CONTENT[:-1] + bytes([CONTENT[-1] ^ 1])
    refuse(entry, tmp_path, f"its SHA-256 is [0-9a-f]{{64}} instead of {SHA256}")
    assert names(tmp_path) == []


def test_an_oversized_file_is_refused_before_any_of_it_comes(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    site.content = CONTENT * 4
    with pytest.raises(DownloadError, match="larger than 3,145,728 bytes"):
        fetch(entry, tmp_path, progress=lambda here, total: pytest.fail("some of it came"))
    assert names(tmp_path) == []


def test_an_oversized_file_of_unstated_length_is_refused_as_it_comes(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    site.content, site.states_length = CONTENT * 4, False
    refuse(entry, tmp_path, "larger than 3,145,728 bytes")
    assert names(tmp_path) == []


def test_an_oversized_file_of_unknown_size_is_refused(
    tmp_path: Path, site: Site, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LARGEST_BYTES", 2_000_000)
    refuse(unverifiable(entry), tmp_path, "larger than 2,000,000 bytes")


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_page_in_place_of_the_file_is_refused(
    tmp_path: Path, site: Site, entry: PublishedFile, kind: str
) -> None:
    site.content, site.kind = PAGE, kind
    message = refuse(unverifiable(entry), tmp_path, "a page for people, not")
    assert message.endswith(
        "Fetch weights.pth by hand from https://example.org/page and give it with "
        "`download paper --from FILE`."
    )
    assert names(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_answer_that_says_no_is_a_sentence(
    tmp_path: Path, site: Site, entry: PublishedFile, status: int
) -> None:
    site.status = status
    refuse(entry, tmp_path, f"answered {status}")


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path, entry: PublishedFile) -> None:
    away = replace(entry, url="http://127.0.0.1:9/weights.pth")  # the port that discards
    refuse(away, tmp_path, "The connection to 127.0.0.1 failed")


def test_a_silent_server_is_a_sentence(
    tmp_path: Path, site: Site, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "SILENCE_SECONDS", 0.05)
    monkeypatch.setattr(Handler, "do_GET", lambda self: threading.Event().wait(0.3))
    refuse(entry, tmp_path, "failed .*timed out")


@pytest.mark.parametrize(
    "address", ["http://example.org/a", "file:///etc/passwd", "ftp://127.0.0.1/a", "/etc/passwd"]
)
def test_only_https_is_asked(
    tmp_path: Path, site: Site, entry: PublishedFile, address: str
) -> None:
    refuse(replace(entry, url=address), tmp_path, "files are fetched over https only")
    site.location = address
    if not address.startswith("/"):  # a path alone stays on the same server
        refuse(entry, tmp_path, "files are fetched over https only|is not allowed")


def test_plain_http_is_refused_even_on_this_machine_unless_a_test_asks(
    tmp_path: Path, entry: PublishedFile
) -> None:
    with pytest.raises(DownloadError, match="over https only"):
        download.fetch(entry, tmp_path)


def test_a_redirection_to_the_file_is_followed(
    tmp_path: Path, site: Site, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Handler.do_GET

    def redirect_first(self: Handler) -> None:
        site.location = None if site.asked else site.address + "?confirm=t"
        plain(self)

    monkeypatch.setattr(Handler, "do_GET", redirect_first)
    assert fetch(entry, tmp_path).presence is Presence.RIGHT
    assert len(site.asked) == 2


def test_a_file_without_published_checksum_comes_with_a_remark_and_is_recorded(
    tmp_path: Path, entry: PublishedFile
) -> None:
    there = fetch(unverifiable(entry), tmp_path)
    receipt = json.loads((tmp_path / "Paper/published/paper.receipt.json").read_text())
    assert there.presence is Presence.UNVERIFIED
    assert there.remark == (
        "No checksum of weights.pth is published, so nobody can tell whether it is the original. "
        f"Its SHA-256, {SHA256}, was recorded: a later change will be noticed."
    )
    assert receipt["sha256"] == receipt["files"]["weights.pth"]["sha256"] == SHA256
    assert receipt["verified"] is False


def test_another_file_than_the_one_that_was_recorded_is_refused(
    tmp_path: Path, site: Site, entry: PublishedFile
) -> None:
    fetch(unverifiable(entry), tmp_path).paths[0].unlink()
    site.content = b"another" * 1000
    refuse(
        unverifiable(entry), tmp_path, f"another file .* instead of {SHA256}. .* remove .*receipt"
    )


@pytest.mark.parametrize("is_verifiable", [True, False])
def test_a_file_that_changes_later_is_noticed(
    tmp_path: Path, entry: PublishedFile, is_verifiable: bool
) -> None:
    entry = entry if is_verifiable else unverifiable(entry)
    (path,) = fetch(entry, tmp_path).paths
    path.write_bytes(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    there = inspect(entry, tmp_path)
    assert there.presence is Presence.WRONG
    assert there.remark.endswith("Remove it and `download paper` again.")
    path.write_bytes(CONTENT)  # touched, but the same
    assert inspect(entry, tmp_path).presence is not Presence.WRONG
    path.write_bytes(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    assert fetch(entry, tmp_path).paths[0].read_bytes() == CONTENT


def test_a_file_that_was_not_touched_is_not_read_again(
    tmp_path: Path, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(entry, tmp_path)
    monkeypatch.setattr(hashlib, "file_digest", None)  # reading it would fail
    assert inspect(entry, tmp_path).presence is Presence.RIGHT


def test_a_file_put_there_by_hand_is_judged_as_far_as_possible(
    tmp_path: Path, entry: PublishedFile
) -> None:
    path = tmp_path / "Paper" / "published" / "weights.pth"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    assert inspect(entry, tmp_path).presence is Presence.RIGHT
    assert inspect(unverifiable(entry), tmp_path).presence is Presence.UNVERIFIED
    path.write_bytes(b"other")
    assert inspect(entry, tmp_path).presence is Presence.WRONG


def test_the_same_file_in_an_installed_package_will_do_and_another_will_not(
    tmp_path: Path, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "packages" / "scales"
    package.mkdir(parents=True)
    monkeypatch.syspath_prepend(package.parent)
    packed = replace(entry, package="scales", package_file="weights.pth")
    assert inspect(packed, tmp_path).presence is Presence.MISSING
    (package / "weights.pth").write_bytes(CONTENT)
    found = inspect(packed, tmp_path)
    assert (found.presence, found.paths) == (Presence.RIGHT, (package / "weights.pth",))
    (package / "weights.pth").write_bytes(b"other")
    assert inspect(packed, tmp_path).presence is Presence.MISSING


@pytest.mark.parametrize(
    ("known", "is_right"),
    [
        ({"sha256": SHA256[:8]}, True),
        ({"sha256": "0" * 8}, False),
        ({"git_blob": hashlib.sha1(b"blob 3145728\0" + CONTENT).hexdigest()}, True),
        ({"git_blob": hashlib.sha1(CONTENT).hexdigest()}, False),
        ({"size": 3145729}, False),
    ],
)
def test_a_file_from_the_hand_is_checked_like_any_other(
    tmp_path: Path, entry: PublishedFile, known: dict[str, str | int], is_right: bool
) -> None:
    given = tmp_path / "Downloads" / "weights (1).pth"
    given.parent.mkdir()
    given.write_bytes(CONTENT)
    entry = replace(unverifiable(entry), **known)  # type: ignore[arg-type]
    if is_right:
        there = accept(entry, given, tmp_path / "checkpoints")
        assert there.presence is Presence.RIGHT
        assert there.paths[0].read_bytes() == CONTENT
    else:
        with pytest.raises(DownloadError, match=r"is not the published weights\.pth"):
            accept(entry, given, tmp_path / "checkpoints")
        assert names(tmp_path / "checkpoints") == []
    assert given.read_bytes() == CONTENT  # it is the user's


def test_a_saved_page_and_an_absent_file_from_the_hand_are_refused(
    tmp_path: Path, entry: PublishedFile
) -> None:
    (tmp_path / "saved").write_bytes(PAGE)
    with pytest.raises(DownloadError, match="page for people"):
        accept(unverifiable(entry), tmp_path / "saved", tmp_path)
    with pytest.raises(DownloadError, match="cannot be read: No such file"):
        accept(entry, tmp_path / "absent", tmp_path)


def test_what_only_a_person_can_fetch_says_so(tmp_path: Path, entry: PublishedFile) -> None:
    refuse(replace(entry, url=None), tmp_path, "cannot be fetched by a program. Fetch weights")


def zipped(*members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in members:
            archive.writestr(name, name.encode())
    return content.getvalue()


@pytest.fixture
def archive_entry(entry: PublishedFile) -> PublishedFile:
    return replace(unverifiable(entry), file="demo.zip", holds=("G.pth", "E.pth"))


def test_an_archive_is_unpacked_to_the_files_that_are_needed(
    tmp_path: Path, site: Site, archive_entry: PublishedFile
) -> None:
    site.content = zipped("demo/G.pth", "demo/sub/E.pth", "demo/web/index.txt")
    there = fetch(archive_entry, tmp_path)
    assert there.presence is Presence.UNVERIFIED
    assert [path.read_text() for path in there.paths] == ["demo/G.pth", "demo/sub/E.pth"]
    assert names(tmp_path) == ["E.pth", "G.pth", "paper.receipt.json"]
    there.paths[1].write_text("changed later")
    assert inspect(archive_entry, tmp_path).presence is Presence.WRONG


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (("G.pth",), "holds 0 files called E.pth"),
        (("G.pth", "E.pth", "old/E.pth"), "holds 2 files called E.pth"),
        (("G.pth", "E.pth", "../evil"), "would be written outside"),
    ],
)
def test_an_archive_with_the_wrong_members_leaves_nothing(
    tmp_path: Path,
    site: Site,
    archive_entry: PublishedFile,
    members: tuple[str, ...],
    reason: str,
) -> None:
    site.content = zipped(*members)
    refuse(archive_entry, tmp_path, reason)
    assert names(tmp_path) == []


def together(files: Mapping[str, Path], out: Path) -> None:
    """Make one file of the files of a method, as the engine does."""
    out.write_text(" and ".join(path.read_text() for path in files.values()))


def test_the_networks_of_a_method_are_joined_and_nothing_else_of_them_is_kept(
    tmp_path: Path, site: Site, archive_entry: PublishedFile
) -> None:
    site.content = zipped("demo/G.pth", "demo/sub/E.pth")
    entry = replace(archive_entry, model="Paper")
    there = fetch(entry, tmp_path, join=together)
    assert there.paths == (tmp_path / "Paper" / "published.safetensors",)
    assert there.paths[0].read_text() == "demo/G.pth and demo/sub/E.pth"
    assert names(tmp_path) == ["paper.receipt.json", "published.safetensors"]
    assert fetch(entry, tmp_path, join=together) == there
    assert len(site.asked) == 1
    there.paths[0].write_text("changed later")
    assert inspect(entry, tmp_path).presence is Presence.WRONG


def test_networks_that_the_method_refuses_leave_nothing(
    tmp_path: Path, site: Site, archive_entry: PublishedFile
) -> None:
    def refuse_all(files: Mapping[str, Path], out: Path) -> None:
        raise CheckpointError("They do not fit.")

    site.content = zipped("G.pth", "E.pth")
    with pytest.raises(CheckpointError, match="do not fit"):
        fetch(replace(archive_entry, model="Paper"), tmp_path, join=refuse_all)
    assert names(tmp_path) == []


def test_networks_that_a_person_unpacked_are_here_until_they_are_joined(
    tmp_path: Path, archive_entry: PublishedFile
) -> None:
    entry = replace(archive_entry, model="Paper", folder="demo")
    assert inspect(entry, tmp_path).paths == entry.paths(tmp_path)
    (tmp_path / "demo").mkdir()
    for path in entry.paths_by_hand(tmp_path):
        assert inspect(entry, tmp_path).presence is Presence.MISSING
        path.write_bytes(b"")
    there = inspect(entry, tmp_path)
    assert (there.presence, there.paths) == (Presence.UNVERIFIED, entry.paths_by_hand(tmp_path))
    (tmp_path / "Paper").mkdir()
    together(dict(zip(entry.holds, there.paths, strict=True)), *entry.paths(tmp_path))
    assert inspect(entry, tmp_path).paths == entry.paths(tmp_path)


def test_a_download_that_cannot_be_stored_is_kept_for_the_next_try(
    tmp_path: Path, site: Site, entry: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download.shutil, "copyfile", full)
        with pytest.raises(StorageError, match="the disk is full"):
            fetch(entry, tmp_path)
    assert (tmp_path / "Paper/published/weights.pth.part").stat().st_size == len(CONTENT)
    assert fetch(entry, tmp_path).presence is Presence.RIGHT
    assert site.asked[1]["Range"] == f"bytes={len(CONTENT)}-"  # there was nothing more to send


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, entry: PublishedFile) -> None:
    (tmp_path / "Paper").write_bytes(b"")
    with pytest.raises(StorageError, match="could not be made"):
        fetch(entry, tmp_path)
