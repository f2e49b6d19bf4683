"""Brings a file over https into a ``.part`` file, from where the last attempt stopped.

What arrived is judged elsewhere (`download`). Here it is only made sure that the whole of *one*
file came: not a page that explains why it does not come, not more than was announced, and not the
beginning of one version with the end of another.
"""

from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, BinaryIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from talkingface.errors import DownloadError, StorageError
from talkingface.storage.atomic import reason_of, write_text

Progress = Callable[[int, int | None], None]  # bytes that are here, bytes in all if known

CHUNK_BYTES = 1 << 20
SILENCE_SECONDS = 30.0  # after which a connection counts as lost
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def transfer(
    address: str,
    part: Path,
    *,
    limit_bytes: int,
    can_be_verified: bool,
    progress: Progress | None = None,
    plain_http_on_loopback: bool = False,
) -> None:
    """Bring what is at `address` into the file `part`, which may hold the beginning of it.

    Args:
        address: an https address; every redirection must be one too.
        part: where it goes; after a lost connection it is kept, and the next call goes on.
        limit_bytes: no file may be larger.
        can_be_verified: whether a checksum will be compared afterwards. Without one, only a server
            that vouches for its version (ETag, Last-Modified) is asked for the rest of a file.
        progress: is told how far it is.
        plain_http_on_loopback: admit ``http`` to this machine itself; for tests.

    Raises:
        DownloadError: the connection failed, or something other than the file came.
        StorageError: `part` cannot be written.
    """
    opener = build_opener(_SafeRedirections(plain_http_on_loopback))
    _require_safe(address, plain_http_on_loopback)
    version = part.with_name(part.name + ".version")
    have = _bytes_to_go_on_from(part, version, can_be_verified)
    try:
        with _ask(opener, address, have, version) as response:
            _require_a_file(address, response)
            if response.status != HTTPStatus.PARTIAL_CONTENT:
                have = 0
                _note_version(version, response)
            _receive(response, part, have, limit_bytes, progress)
    except HTTPError as error:
        if error.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise DownloadError(f"{address} answered {error.code} {error.reason}.") from error
        if error.headers.get("Content-Range") == f"bytes */{have}":
            return  # all of it is here already
        discard(part)
        raise DownloadError(f"{address} has no such rest of {part}. Try again.") from error
    except (HTTPException, OSError) as error:
        raise DownloadError(
            f"The connection to {urlsplit(address).hostname} failed ({error}). "
            "Try again: what has come is kept."
        ) from error


def discard(part: Path) -> None:
    """Remove a part and what was noted of its version."""
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".version").unlink(missing_ok=True)


class _SafeRedirections(HTTPRedirectHandler):
    """Follows a redirection only to where the first address would have been allowed to lead."""

    def __init__(self, plain_http_on_loopback: bool) -> None:
        self._plain_http_on_loopback = plain_http_on_loopback

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Refuse an unsafe address; urllib does the rest."""
        _require_safe(newurl, self._plain_http_on_loopback)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_safe(address: str, plain_http_on_loopback: bool) -> None:
    parts = urlsplit(address)
    on_loopback = plain_http_on_loopback and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and on_loopback):
        raise DownloadError(f"{address} is refused: files are fetched over https only.")


def _bytes_to_go_on_from(part: Path, version: Path, can_be_verified: bool) -> int:
    if not part.exists() or not (can_be_verified or version.exists()):
        return 0
    return part.stat().st_size


def _ask(opener: OpenerDirector, address: str, have: int, version: Path) -> HTTPResponse:
    """Ask for the file, or for what is missing of it."""
    headers = {"User-Agent": "talkingface", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if version.exists():
            headers["If-Range"] = version.read_text("utf-8")
    request = Request(address, headers=headers)  # noqa: S310 - the scheme was checked
    response: HTTPResponse = opener.open(request, timeout=SILENCE_SECONDS)
    return response


def _require_a_file(address: str, response: HTTPResponse) -> None:
    if response.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
        raise DownloadError(f"{address} answered with a page for people, not the file.")


def _note_version(version: Path, response: HTTPResponse) -> None:
    """Keep what the server calls this version of the file, if that is exact."""
    tag = response.headers.get("ETag", "")
    # A weak tag stands for files that are alike, not equal.
    name = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
    version.unlink(missing_ok=True)
    if name:
        write_text(version, name)


def _receive(
    response: HTTPResponse,
    part: Path,
    have: int,
    limit_bytes: int,
    progress: Progress | None,
) -> None:
    """Append the body of `response` to the first `have` bytes of `part`."""
    announced = response.headers.get("Content-Length")
    total = have + int(announced) if announced else None
    if total is not None and total > limit_bytes:
        discard(part)
        raise _too_large(part, limit_bytes)
    with _opened(part, have) as file:
        while chunk := response.read(CHUNK_BYTES):
            have += len(chunk)
            if have > limit_bytes:
                discard(part)
                raise _too_large(part, limit_bytes)
            _write(file, chunk, part)
            if progress is not None:
                progress(have, total)
    if total is not None and have < total:
        raise DownloadError(
            f"The connection ended after {have:,} of {total:,} bytes. "
            "Try again: it goes on from there."
        )


def _opened(part: Path, have: int) -> BinaryIO:
    try:
        return part.open("ab" if have else "wb")
    except OSError as error:
        raise _not_written(part, error) from error


def _write(file: BinaryIO, chunk: bytes, part: Path) -> None:
    try:
        file.write(chunk)
        file.flush()
    except OSError as error:
        raise _not_written(part, error) from error


def _not_written(part: Path, error: OSError) -> StorageError:
    return StorageError(f"{part} could not be written: {reason_of(error)}.")


def _too_large(part: Path, limit_bytes: int) -> DownloadError:
    return DownloadError(
        f"{part.name.removesuffix('.part')} is refused: it is larger than {limit_bytes:,} bytes. "
        "It is not the file that was published."
    )
