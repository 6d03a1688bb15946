"""Fetch what an address (``http://…``) serves: bounded in time, size and redirects.

Nothing is sent but the request itself, and nothing of what comes is run.
"""

import contextlib
import hashlib
import http.client
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from calibtool.errors import InputError
from calibtool.io.address import SCHEMES, Limits

REDIRECTS = 3
_CHUNK = 1 << 16
_PACKED = (b"\x1f\x8b", b"BZh", b"PK\x03\x04")


def fetch(address: str, target: Path, limits: Limits) -> str:
    """Write what an address serves into a file.

    Returns
    -------
    str
        SHA-256 of the content.

    Raises
    ------
    InputError
        It does not answer in time, with too much, or with no content; names it and says why.
    """
    lines: list[socket.socket] = []
    watch = threading.Timer(limits.seconds, _cut, [lines])
    watch.daemon = True
    end = time.monotonic() + limits.seconds
    watch.start()
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "calibtool"})
        with _opener(lines).open(request, timeout=limits.seconds) as answer:
            return _received(answer, address, target, limits, end)
    except urllib.error.HTTPError as error:
        raise InputError(f"{address} {_answered(error)}; check the address.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= end or isinstance(_reason(error), TimeoutError):
            raise _late(address, limits) from error
        text = getattr(_reason(error), "strerror", None) or "what it answers is not HTTP"
        raise InputError(f"{address} cannot be read: {text}; check the address.") from error
    finally:
        watch.cancel()


def _received(answer: Any, address: str, target: Path, limits: Limits, end: float) -> str:
    length = int(answer.headers.get("Content-Length") or 0)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        while length <= limits.bytes and size <= limits.bytes:
            chunk = answer.read1(_CHUNK)
            if time.monotonic() >= end:
                raise _late(address, limits)
            if not chunk:
                break
            if size == 0 and chunk.startswith(_PACKED):
                raise InputError(f"{address} serves a packed file, which is not opened from there.")
            size += len(chunk)
            digest.update(chunk)
            file.write(chunk)
    if max(length, size) > limits.bytes:
        raise InputError(
            f"{address} serves more than {limits.bytes / 1e6:g} MB, which is not an image; check "
            "the address."
        )
    if size < max(length, 1):
        raise InputError(f"{address} broke off after {size} bytes; is the instrument running?")
    return digest.hexdigest()


def _late(address: str, limits: Limits) -> InputError:
    return InputError(
        f"{address} did not serve a whole image within {limits.seconds:g} s; is the instrument "
        "running?"
    )


def _reason(error: BaseException) -> BaseException:
    inner = getattr(error, "reason", None)
    return inner if isinstance(inner, BaseException) else error


def _answered(error: urllib.error.HTTPError) -> str:
    if 300 <= error.code < 400:
        return "leads from one address to the next and never to an image"
    return f"answers '{error.code} {error.reason}'"


def _cut(lines: list[socket.socket]) -> None:
    """End a conversation that the other side draws out."""
    for line in lines:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _opener(lines: list[socket.socket]) -> urllib.request.OpenerDirector:
    """What speaks HTTP and nothing else, and tells its connections."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Web(lines),
        _Redirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a few times, to http and https only."""

    max_redirections = max_repeats = REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """Refuse what is no web address."""
        if urllib.parse.urlsplit(newurl).scheme not in SCHEMES:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Web(urllib.request.AbstractHTTPHandler):
    """Speaks HTTP and tells its connections; encrypted where this Python can."""

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, lines: list[socket.socket]) -> None:
        super().__init__()
        self._lines = lines

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._noted(http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        # The executable comes without OpenSSL.
        kind = getattr(http.client, "HTTPSConnection", None)
        if kind is None:
            raise InputError(
                f"{req.full_url} is encrypted (https), which this calibtool cannot read; use http, "
                "or install calibtool with pip."
            )
        return self.do_open(self._noted(kind), req)

    def _noted(self, kind: Any) -> Any:
        """A kind of connection that is noted once it stands."""
        lines = self._lines

        class Line(kind):  # type: ignore[misc]
            def connect(self) -> None:
                super().connect()
                lines.append(self.sock)

        return Line
