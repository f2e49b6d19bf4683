"""A visitor of the page without a browser: asks the server as the browser's script does."""

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class Visitor:
    """Presses buttons of an open page.

    Args:
        address: where the page is.
        blocks: gradio's page, which knows its parts by their numbers.
    """

    def __init__(self, address: str, blocks: Any) -> None:
        self.address, self._blocks = address.rstrip("/"), blocks
        self._session = secrets.token_hex(6)

    def get(self, path: str) -> int:
        """Return the status of an answer."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def fetch(self, url: str) -> bytes:
        """Return the content of an address."""
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read()

    def upload(self, file: Path) -> dict[str, Any]:
        """Upload a file, and return how the page speaks of it."""
        boundary = secrets.token_hex(8)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{file.name}"\r\n\r\n'
        )
        body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        (path,) = json.loads(self._post("/gradio_api/upload", body, kind))
        return self.file_at(path, file.name)

    @staticmethod
    def file_at(path: str, name: str = "") -> dict[str, Any]:
        """Return how the page speaks of a file."""
        return {"path": path, "orig_name": name, "meta": {"_type": "gradio.FileData"}}

    def press(self, button: Any, values: Mapping[Any, Any]) -> None:
        """Press a button with values in some parts of the page, the others as they are at first."""
        event = self._event_of(button)
        data = [values.get(part, getattr(part, "value", None)) for part in event.inputs]
        asked = {"data": data, "fn_index": event._id, "session_hash": self._session}
        self._post(
            "/gradio_api/queue/join",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json"},
        )

    def answers(self) -> Iterator[dict[str, Any]]:
        """Yield what the server says of what was pressed, to its end."""
        url = f"{self.address}/gradio_api/queue/data?session_hash={self._session}"
        with urllib.request.urlopen(url, timeout=60) as stream:
            for line in stream:
                if line.startswith(b"data:"):
                    said = json.loads(line[5:])
                    yield said
                    if said["msg"] in ("process_completed", "close_stream", "unexpected_error"):
                        return

    def pressed(self, button: Any, values: Mapping[Any, Any]) -> dict[str, Any]:
        """Press a button, wait, and return the last answer."""
        self.press(button, values)
        return list(self.answers())[-1]

    def _event_of(self, button: Any) -> Any:
        return next(
            event
            for event in self._blocks.fns.values()
            if (button._id, "click") in event.targets and event.inputs
        )

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        asked = urllib.request.Request(f"{self.address}{path}", body, dict(headers))
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.read()
