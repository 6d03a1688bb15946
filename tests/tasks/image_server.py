"""A server on loopback that serves images, as the monitor of a detector does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import numpy as np

MOST_REQUESTS = 60

Serve = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """A server on loopback; yields its address. Its end lets go of whoever is kept waiting."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        over = threading.Event()

        def do_GET(self) -> None:
            requests.append(self.path)
            assert len(requests) <= MOST_REQUESTS
            assert not {"Cookie", "Authorization", "Referer"} & set(self.headers)
            try:
                serve(self)
            except OSError:
                self.close_connection = True  # the other side had enough

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/monitor/image"
        finally:
            Handler.over.set()
            server.shutdown()
            thread.join()


def content(data: np.ndarray) -> bytes:
    from PIL import Image as Picture

    stream = BytesIO()
    Picture.fromarray(data).save(stream, "TIFF")
    return stream.getvalue()


def give(body: bytes) -> Serve:
    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return serve


def loop(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def ten_gigabytes(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(10 * 2**30))
    handler.end_headers()


def stalling(words: bytes) -> Serve:
    """Say something a byte at a time, for ever."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(words)
        handler.wfile.flush()
        over: threading.Event = handler.over  # type: ignore[attr-defined]
        while not over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    return serve
