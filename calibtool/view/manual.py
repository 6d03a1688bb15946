"""The manual: which page is about what is being done, and the browser that shows it."""

import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import calibtool
from calibtool.scene import Scene

FOLDER = Path(calibtool.__file__).parent / "manual"
"""Where ``make docs`` puts it, and where wheel and executable bring it."""

NOT_HERE = (
    "The manual is not in this installation; in a checkout of calibtool 'make docs' builds it, "
    "and docs/ has its text. Here is the short form.\n\n"
)
NEWS = "changes.html"
DRAWER = {"Convergence": "points.html#how-the-points-are-fitted", "Points": "points.html",
          "Folder": "series.html", "Series": "series.html"}  # fmt: skip
LIBRARIES = "LD_LIBRARY_PATH"


def page_about(scene: Scene, drawer: str = "") -> str:
    """The page, and the place in it, about what is being done.

    ``drawer`` is the title of the panel that is open below the image, empty where none is.
    """
    if scene.masking is not None:
        return "masks.html"
    if scene.picking:
        return "points.html"
    if scene.measuring:
        return "numbers.html#a-spacing-in-your-sample"
    for title, page in DRAWER.items():
        if drawer.startswith(title):
            return page
    if scene.warnings:
        return f"when_it_says_no.html#code-{scene.warnings[0].code.replace('_', '-')}"
    if scene.notice is not None and scene.notice.level == "error":
        return "when_it_says_no.html"
    return "numbers.html" if scene.results and scene.picture is not None else "first.html"


def open_page(
    page: str, folder: Path = FOLDER, show: Callable[[str], object] = webbrowser.open
) -> bool:
    """Show a page of the manual in the browser; False where there is no manual or no browser."""
    name, _, place = page.partition("#")
    file = folder / name
    if not file.is_file():
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    url = file.resolve().as_uri() + (f"#{place}" if place else "")

    def work() -> None:
        with _libraries_of_the_system():
            show(url)

    # A browser that starts may take seconds, and the window is not to wait for it.
    threading.Thread(target=work, daemon=True).start()
    return True


@contextmanager
def _libraries_of_the_system() -> Iterator[None]:
    """In the executable, give a program of the system its own libraries and not ours."""
    ours = os.environ.get(LIBRARIES)
    if not getattr(sys, "frozen", False) or ours is None:
        yield
        return
    original = os.environ.get(f"{LIBRARIES}_ORIG")
    try:
        os.environ.pop(LIBRARIES)
        if original:
            os.environ[LIBRARIES] = original
        yield
    finally:
        os.environ[LIBRARIES] = ours
