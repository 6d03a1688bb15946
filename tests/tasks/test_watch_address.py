"""An address that serves images: each new one measured, whatever else it serves is one line."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from calibtool.errors import InputError
from calibtool.io.address import Limits, parse_address
from calibtool.tasks.follow import Arrival, follow, follow_step
from calibtool.tasks.found import Watch
from calibtool.tasks.measure import SeriesOptions
from calibtool.tasks.reference import Reference
from calibtool.tasks.watch_address import AddressWatch, watch_address
from tests.tasks.frames import START, drifted, frame
from tests.tasks.image_server import (
    MOST_REQUESTS,
    Serve,
    content,
    give,
    loop,
    serving,
    stalling,
    ten_gigabytes,
)

REFERENCE = Reference(START, d_nm=5.838)
PLAIN = SeriesOptions()
SMALL = Limits(seconds=10.0, bytes=2_000_000)


def looked(
    watch: Watch, times: int, reference: Reference = REFERENCE
) -> tuple[Watch, list[Arrival]]:
    arrivals: list[Arrival] = []
    for number in range(times):
        watch, more = follow_step(watch, reference, PLAIN, 100.0 * number)
        arrivals += more
    return watch, arrivals


def test_each_new_image_is_measured_once_and_the_beam_is_followed() -> None:
    bodies = [content(frame(drifted(n), n)) for n in (0, 40, 80) for _ in range(3)]
    with serving(lambda handler: give(bodies.pop(0))(handler)) as address:
        _, arrivals = looked(AddressWatch(address), 9)
    assert [arrival.row.frame for arrival in arrivals] == [0, 1, 2]
    for number, arrival in zip((0, 40, 80), arrivals, strict=True):
        assert arrival.row.file == address
        assert arrival.image is not None
        assert arrival.image.path == address
        assert arrival.row.center_x_px == pytest.approx(drifted(number).center_x_px, abs=0.06)
    assert [arrival.to_be_noted for arrival in arrivals] == [False, True, True]


def test_it_asks_as_often_as_told_and_no_oftener() -> None:
    asked: list[float] = []
    body = content(frame(START, 1))

    def serve(handler: BaseHTTPRequestHandler) -> None:
        asked.append(0.0)
        give(body)(handler)

    with serving(serve) as address:
        watch: Watch = watch_address(address, every_s=5.0)
        for now in (0.0, 1.0, 4.9, 5.0, 9.9, 10.1):
            watch, _ = follow_step(watch, REFERENCE, PLAIN, now)
    assert len(asked) == 3


def longer_and_longer(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", f"{handler.path}/next")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def to_a_file(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "file:///etc/hostname")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(100_000))


def broken_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"II*\0")


def missing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def not_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 smtp.example ready\r\n")


@pytest.mark.parametrize(
    ("serve", "message"),
    [
        (give(b"<!DOCTYPE html><html><body>Please log in</body></html>"), "not an image of a kn"),
        (give(b""), "broke off after 0 bytes"),
        (give(b"\x1f\x8b" + bytes(200)), "a packed file"),
        (give(b"cos\nsystem\n(S'touch /tmp/run'\ntR."), "not an image of a known"),
        (loop, "never to an image"),
        (longer_and_longer, "never to an image"),
        (to_a_file, "never to an image"),
        (endless, "serves more than 2 MB"),
        (ten_gigabytes, "serves more than 2 MB"),
        (broken_off, "broke off after 4 bytes"),
        (missing, "answers '404 Not Found'"),
        (not_http, "what it answers is not HTTP"),
    ],
)
def test_what_is_no_image_is_one_line_said_once(serve: Serve, message: str) -> None:
    with serving(serve) as address:
        _, arrivals = looked(AddressWatch(address, limits=SMALL), 2)
    (row,) = [arrival.row for arrival in arrivals]
    assert not row.ok
    assert address in row.message
    assert message in row.message
    assert "\n" not in row.message


@pytest.mark.parametrize(
    "words",
    [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"],
    ids=["no status", "endless header", "slow body"],
)
def test_a_server_that_draws_it_out_is_left_in_time(words: bytes) -> None:
    with serving(stalling(words)) as address:
        watch = AddressWatch(address, limits=Limits(seconds=0.4))
        _, arrivals = looked(watch, 1)
    (row,) = [arrival.row for arrival in arrivals]
    assert "did not serve a whole image within 0.4 s" in row.message


def test_after_a_failure_the_next_image_is_measured() -> None:
    answers = [missing, missing, give(content(frame(START, 1))), missing]
    with serving(lambda handler: answers.pop(0)(handler)) as address:
        _, arrivals = looked(AddressWatch(address), 4)
    assert [arrival.row.ok for arrival in arrivals] == [False, True, False]


def test_following_ends_when_it_is_cancelled() -> None:
    bodies = [content(frame(START, n)) for n in range(MOST_REQUESTS)]
    asked = iter(range(MOST_REQUESTS))
    with serving(lambda handler: give(bodies[next(asked)])(handler)) as address:
        watch, stop = AddressWatch(address, every_s=0.0), threading.Event()
        coming = follow(watch, REFERENCE, PLAIN, cancelled=stop.is_set, poll_s=0.01)
        first, second = next(coming), next(coming)
        stop.set()
        assert list(coming) == []
    assert [first.row.frame, second.row.frame] == [0, 1]


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with serving(missing) as address:
        pass
    _, arrivals = looked(AddressWatch(address), 1)
    assert "cannot be read" in arrivals[0].row.message


@pytest.mark.parametrize(
    "text",
    ["", "image.tif", "ftp://a/b", "file:///etc/passwd", "http://", "http://a b/", "http://u:p@a/b"],
)
def test_what_is_no_address_is_said_at_once(text: str) -> None:
    with pytest.raises(InputError, match="address"):
        parse_address(text)


def test_without_openssl_an_encrypted_address_is_one_line_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the executable, which comes without it."""
    monkeypatch.delattr("http.client.HTTPSConnection")
    _, arrivals = looked(AddressWatch("https://127.0.0.1:1/image"), 1)
    assert "encrypted (https), which this calibtool cannot read" in arrivals[0].row.message
    with serving(give(content(frame(START, 1)))) as address:
        _, arrivals = looked(AddressWatch(address), 1)
    assert arrivals[0].row.ok


def test_the_command_line_needs_no_network_library() -> None:
    code = "import sys, calibtool.cli.fit, calibtool.cli.batch, calibtool.controller.controller"
    code += "; print('http.client' in sys.modules, 'ssl' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False False\n"
