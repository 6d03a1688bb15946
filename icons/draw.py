"""Draw every picture of the program beside this file: ``python icons/draw.py``."""

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from icons import APP_SIZES_PX, SCALES, TOOL_SIZE_PX, file_name  # noqa: E402
from icons.pen import Colour, Pen  # noqa: E402

INK: dict[bool, Colour] = {False: (52, 62, 75, 255), True: (222, 228, 236, 255)}
BLUE: dict[bool, Colour] = {False: (38, 110, 214, 255), True: (110, 172, 255, 255)}
GREEN: dict[bool, Colour] = {False: (34, 140, 80, 255), True: (98, 205, 140, 255)}
RED: dict[bool, Colour] = {False: (204, 62, 54, 255), True: (255, 128, 118, 255)}

NIGHT: Colour = (22, 38, 66, 255)
SKY: Colour = (120, 196, 255, 255)
AMBER: Colour = (255, 186, 73, 255)
WHITE: Colour = (255, 255, 255, 255)


def open_(pen: Pen) -> None:
    pen.line((3, 18.5), (3, 5.5), (9, 5.5), (11.2, 8), (19, 8), (19, 10.5))
    pen.shape((3, 18.5), (6.4, 11), (22, 11), (18.8, 18.5))


def previous(pen: Pen) -> None:
    pen.line((15, 4.5), (7.5, 12), (15, 19.5), width=2.2)


def next_(pen: Pen) -> None:
    pen.line((9, 4.5), (16.5, 12), (9, 19.5), width=2.2)


def find_ring(pen: Pen) -> None:
    pen.arc((10.8, 13.2), 8.2, 20, 288)
    pen.line((10.8, 10.9), (10.8, 15.5), colour=pen.accent)
    pen.line((8.5, 13.2), (13.1, 13.2), colour=pen.accent)
    _spark(pen, 18.6, 5.4, 4.2)


def _spark(pen: Pen, x: float, y: float, r: float) -> None:
    w = 0.26 * r
    pen.fill(
        (x, y - r), (x + w, y - w), (x + r, y), (x + w, y + w),
        (x, y + r), (x - w, y + w), (x - r, y), (x - w, y - w),
        colour=pen.accent,
    )  # fmt: skip


def select_points(pen: Pen) -> None:
    pen.arc((12, 12), 8.5, 105, 345)
    for point in ((3.6, 10.6), (10.6, 3.6), (6.2, 18.2)):
        pen.dot(point, 2.3, pen.accent)
    pen.line((17.5, 13), (17.5, 22))
    pen.line((13, 17.5), (22, 17.5))


def fit(pen: Pen) -> None:
    pen.ring((12, 12), 8)
    for point in ((4.2, 9.6), (14.6, 4), (19.8, 14.2), (8.2, 19.6)):
        pen.dot(point, 2.3, pen.accent)
    pen.dot((12, 12), 1.5)


def undo(pen: Pen) -> None:
    pen.line((8, 4), (3.5, 8.5), (8, 13))
    pen.line((4, 8.5), (14, 8.5))
    pen.arc((14.3, 13.8), 5.3, -90, 90)
    pen.line((14, 19.1), (9, 19.1))


def redo(pen: Pen) -> None:
    pen.line((16, 4), (20.5, 8.5), (16, 13))
    pen.line((20, 8.5), (10, 8.5))
    pen.arc((9.7, 13.8), 5.3, -90, -270)
    pen.line((10, 19.1), (15, 19.1))


def fit_view(pen: Pen) -> None:
    for x, dx in ((3.5, 5), (20.5, -5)):
        for y, dy in ((3.5, 5), (20.5, -5)):
            pen.line((x, y + dy), (x, y), (x + dx, y))
    pen.ring((12, 12), 3.4, pen.accent)


def _lens(pen: Pen) -> None:
    pen.ring((10.3, 10.3), 6.8)
    pen.line((15.4, 15.4), (20.8, 20.8), width=2.4)


def zoom_in(pen: Pen) -> None:
    _lens(pen)
    pen.line((10.3, 7.4), (10.3, 13.2), colour=pen.accent)
    pen.line((7.4, 10.3), (13.2, 10.3), colour=pen.accent)


def zoom_out(pen: Pen) -> None:
    _lens(pen)
    pen.line((7.4, 10.3), (13.2, 10.3), colour=pen.accent)


def magnifier(pen: Pen) -> None:
    _lens(pen)
    pen.arc((10.3, 10.3), 3.4, 180, 270, pen.accent)


def save(pen: Pen) -> None:
    pen.shape((3.8, 3.8), (16.4, 3.8), (20.2, 7.6), (20.2, 20.2), (3.8, 20.2))
    pen.line((7.8, 4), (7.8, 8.6), (14.6, 8.6), (14.6, 4))
    pen.line((7.4, 20), (7.4, 13.4), (16.6, 13.4), (16.6, 20), colour=pen.accent)


def export(pen: Pen) -> None:
    pen.line((3.8, 14.5), (3.8, 20.2), (20.2, 20.2), (20.2, 14.5))
    pen.line((12, 14.8), (12, 4), colour=pen.accent)
    pen.line((7.6, 8.2), (12, 3.8), (16.4, 8.2), colour=pen.accent)


def copy(pen: Pen) -> None:
    pen.shape((8.6, 8.6), (20.2, 8.6), (20.2, 20.2), (8.6, 20.2))
    pen.line((15.4, 5.2), (15.4, 3.8), (3.8, 3.8), (3.8, 15.4), (5.2, 15.4), colour=pen.accent)


def settings(pen: Pen) -> None:
    for y, x in ((5.2, 15.2), (12, 8.2), (18.8, 14)):
        pen.line((3.2, y), (x - 2.6, y))
        pen.line((x + 2.6, y), (20.8, y))
        pen.ring((x, y), 2.4, pen.accent)


def batch(pen: Pen) -> None:
    pen.line((3, 15.6), (3, 4), (8.4, 4), (10.4, 6.2), (17.6, 6.2))
    pen.shape((6.6, 9.8), (21, 9.8), (21, 20.6), (6.6, 20.6))
    pen.ring((13.8, 15.2), 2.9, pen.accent)


def report(pen: Pen) -> None:
    pen.shape((5, 2.8), (14.6, 2.8), (19, 7.2), (19, 21.2), (5, 21.2))
    pen.line((8.6, 17.4), (8.6, 14.6), colour=pen.accent)
    pen.line((12, 17.4), (12, 9.6), colour=pen.accent)
    pen.line((15.4, 17.4), (15.4, 12.4), colour=pen.accent)


def help_(pen: Pen) -> None:
    pen.ring((12, 12), 9)
    pen.arc((12, 9.7), 2.9, -180, 50, pen.accent)
    pen.line((13.9, 11.9), (12, 13.5), (12, 14.4), colour=pen.accent)
    pen.dot((12, 17.4), 1.3, pen.accent)


def done(pen: Pen) -> None:
    pen.line((4, 12.6), (9.6, 18.2), (20, 6.4), colour=pen.accent, width=2.6)


def cancel(pen: Pen) -> None:
    pen.line((5.6, 5.6), (18.4, 18.4), colour=pen.accent, width=2.6)
    pen.line((18.4, 5.6), (5.6, 18.4), colour=pen.accent, width=2.6)


def remove(pen: Pen) -> None:
    pen.line((4, 6.4), (20, 6.4))
    pen.line((9, 6), (9.6, 3.4), (14.4, 3.4), (15, 6))
    pen.line((5.8, 6.8), (6.8, 20.6), (17.2, 20.6), (18.2, 6.8))
    pen.line((10, 10.6), (10.3, 16.8), colour=pen.accent)
    pen.line((14, 10.6), (13.7, 16.8), colour=pen.accent)


def reset(pen: Pen) -> None:
    pen.arc((12.2, 12.8), 7.8, -150, 120)
    pen.line((4.6, 3.6), (4.6, 9.2), (10.2, 9.2), colour=pen.accent)


def measure(pen: Pen) -> None:
    pen.shape((2.6, 15.6), (15.6, 2.6), (21.4, 8.4), (8.4, 21.4))
    for step in (0.22, 0.41, 0.6, 0.79):
        x, y = 2.6 + 13 * step, 15.6 - 13 * step
        pen.line((x, y), (x + 2.2, y + 2.2), colour=pen.accent)


def image(pen: Pen) -> None:
    pen.shape((3.2, 4.2), (20.8, 4.2), (20.8, 19.8), (3.2, 19.8))
    pen.arc((3.4, 19.6), 10, -84, -6, pen.accent)
    pen.arc((3.4, 19.6), 5, -80, -10, pen.accent)


def warning(pen: Pen) -> None:
    pen.shape((12, 3.4), (21.6, 20.2), (2.4, 20.2))
    pen.line((12, 9.6), (12, 14), colour=pen.accent)
    pen.dot((12, 17.2), 1.25, pen.accent)


def plus(pen: Pen) -> None:
    pen.line((12, 4.5), (12, 19.5), colour=pen.accent, width=2.4)
    pen.line((4.5, 12), (19.5, 12), colour=pen.accent, width=2.4)


TOOLS: dict[str, tuple[Callable[[Pen], None], dict[bool, Colour]]] = {
    "add": (plus, GREEN),
    "batch": (batch, BLUE),
    "cancel": (cancel, RED),
    "copy": (copy, BLUE),
    "done": (done, GREEN),
    "export": (export, BLUE),
    "find-ring": (find_ring, BLUE),
    "fit": (fit, BLUE),
    "fit-view": (fit_view, BLUE),
    "help": (help_, BLUE),
    "image": (image, BLUE),
    "magnifier": (magnifier, BLUE),
    "measure": (measure, BLUE),
    "next": (next_, BLUE),
    "open": (open_, BLUE),
    "previous": (previous, BLUE),
    "redo": (redo, BLUE),
    "remove": (remove, RED),
    "report": (report, BLUE),
    "reset": (reset, BLUE),
    "save": (save, BLUE),
    "select-points": (select_points, BLUE),
    "settings": (settings, BLUE),
    "undo": (undo, BLUE),
    "warning": (warning, RED),
    "zoom-in": (zoom_in, BLUE),
    "zoom-out": (zoom_out, BLUE),
}


def app_picture(size: int) -> Image.Image:
    """Draw the program's picture: a ring on a dark tile, its centre marked by a cross."""
    pen = Pen(size, WHITE, AMBER, width=2.2 if size < 32 else 1.5)
    corner = 4.6
    for x in (0.6 + corner, 23.4 - corner):
        for y in (0.6 + corner, 23.4 - corner):
            pen.dot((x, y), corner, NIGHT)
    pen.fill((5.2, 0.6), (18.8, 0.6), (18.8, 23.4), (5.2, 23.4), colour=NIGHT)
    pen.fill((0.6, 5.2), (23.4, 5.2), (23.4, 18.8), (0.6, 18.8), colour=NIGHT)
    pen.ring((12, 12), 7.6, SKY)
    arm = 3.4
    pen.line((12 - arm, 12), (12 + arm, 12), colour=AMBER)
    pen.line((12, 12 - arm), (12, 12 + arm), colour=AMBER)
    return pen.picture()


def draw_tools() -> None:
    for name, (draw, accent) in TOOLS.items():
        for dark in (False, True):
            for scale in SCALES:
                pen = Pen(TOOL_SIZE_PX * scale, INK[dark], accent[dark])
                draw(pen)
                pen.picture().save(HERE / file_name(name, scale, dark), optimize=True)


def draw_app() -> None:
    pictures = [app_picture(size) for size in APP_SIZES_PX]
    for size, picture in zip(APP_SIZES_PX, pictures, strict=True):
        picture.save(HERE / f"app-{size}.png", optimize=True)
    sizes = [(size, size) for size in APP_SIZES_PX]
    pictures[-1].save(HERE / "app.ico", sizes=sizes, append_images=pictures[:-1])


if __name__ == "__main__":
    draw_tools()
    draw_app()
