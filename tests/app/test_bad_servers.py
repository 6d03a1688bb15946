"""An address that serves anything but an image is one line in the window, which stays alive."""

from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from calibtool.controller import series
from calibtool.io.address import Limits
from calibtool.tasks.watch_address import AddressWatch, watch_address
from calibtool.view import runner
from tests.app.driver import Driver
from tests.tasks.image_server import Serve, give, loop, serving, stalling, ten_gigabytes


def impatient(text: str) -> AddressWatch:
    return replace(watch_address(text), limits=Limits(seconds=1.0, bytes=2_000_000))


@pytest.mark.parametrize(("serve", "message"), [
    (stalling(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"), "did not serve a whole image"),
    (ten_gigabytes, "serves more than 2 MB"),
    (give(b"<!DOCTYPE html><html><body>Please log in</body></html>"), "not an image"),
    (loop, "never to an image"),
], ids=["stalls", "10 GB", "HTML", "redirects"])  # fmt: skip
def test_it_is_one_line_and_the_window_is_alive(
    program: Driver, image: Path, monkeypatch: pytest.MonkeyPatch, serve: Serve, message: str
) -> None:
    program.open(image)
    before = program.session.result
    asked: list[str] = []

    def noted(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        serve(handler)

    monkeypatch.setattr(series, "watch_address", impatient)
    with serving(noted) as address:
        monkeypatch.setattr(runner, "ask_address", lambda _root, _known: address)
        program.press_menu("follow_address")
        program.until(lambda: asked, "request")
        # While the server is waited for, the window does what it is asked for.
        zoom = program.workspace.image.viewport.scale
        program.press_button("zoom_in")
        assert program.workspace.image.viewport.scale > zoom
        program.until(lambda: message in program.notice, "line about the server")
        assert "\n" not in program.notice
        assert address in program.notice
        program.press_menu("stop")
        program.idle()
    assert "follow" not in program.scene.checked
    assert program.session.result is before
