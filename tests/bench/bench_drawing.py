"""Frames of an 18 Mpx image and moves of the magnifier, beside matplotlib's TkAgg canvas.

Both draw the same views of the same image into a window of 900 × 900 screen pixels, one after
the other in the same run; a frame is timed from the request until the screen has it. The views
are panned from frame to frame; at 8x also far jumps are timed, of which Tk's own share is most.
"""

import os
import statistics
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle
from typing import Any

import numpy as np

from calibtool.picture import Display, Picture
from calibtool.scene import PointMark, RingMark, Scene
from calibtool.view.image_canvas import ImageCanvas
from calibtool.view.magnifier import Magnifier
from calibtool.view.pyramid import SMALLEST_SIDE
from calibtool.view.renderer import Renderer
from calibtool.view.viewport import Viewport
from tests.bench.figures import Figure
from tests.view.parts import context
from tests.view.recorder import Recorder
from tests.xvfb import running_xvfb

SHAPE = (4362, 4148)
SIDE = 900
LENS_SIDE = 260
LENS_FACTOR = 8
CENTRE = (2070.3, 2181.7)
FRAMES, PEER_FRAMES, LENS_FRAMES = 40, 6, 30
BUDGET_S = 4.0
JUMPS = "8x, jumps"
SCALES = {"full view": SIDE / SHAPE[0], "half": 0.5, "1:1": 1.0, "8x": 8.0, JUMPS: 8.0}
Frames = Callable[[str, int], Iterator[Callable[[], None]]]


def image() -> Picture:
    rng = np.random.default_rng(5)
    rows, columns = np.ogrid[0 : SHAPE[0], 0 : SHAPE[1]]
    radius = np.hypot(columns - CENTRE[0], rows - CENTRE[1])
    mean = 4 + 400 * np.exp(-radius / 150) + 25 * np.exp(-(((radius - 900) / 6) ** 2) / 2)
    data = rng.poisson(mean).astype(np.uint32)
    mask = np.zeros(SHAPE, bool)
    mask[512:550] = mask[:, 1030:1040] = True
    data[mask] = 2**32 - 1
    return Picture(data, mask)


def median_ms(frames: Iterator[Callable[[], None]], update: Callable[[], None]) -> float:
    """Median time of frames, the first not counted; fewer where they take seconds."""
    taken: list[float] = []
    for frame in frames:
        start = time.perf_counter()
        frame()
        update()
        taken.append(time.perf_counter() - start)
        if len(taken) > 1 and sum(taken) > BUDGET_S:
            break
    return 1e3 * statistics.median(taken[1:])


def views(name: str, count: int) -> Iterator[Viewport]:
    """Views that differ from frame to frame, as while panning, zooming or going elsewhere."""
    for k in range(count):
        scale = 0.25 * 1.25 ** (k % 15) if name == "zooming" else SCALES.get(name, 1.0)
        x, y = CENTRE[0] + 3 * (k % 5), CENTRE[1] - 2 * k
        if name == JUMPS:
            x += 600 * (k % 3)
        yield Viewport.around(SIDE, SIDE, x, y, scale)


def highs() -> Iterator[float]:
    return cycle(np.linspace(98.0, 99.9, 23).tolist())


def ours(canvas: ImageCanvas, scene: Scene) -> Frames:
    def frames(name: str, count: int) -> Iterator[Callable[[], None]]:
        canvas.center_on(*CENTRE)
        for view, high in zip(views(name, count), highs(), strict=False):
            if name == "contrast":
                shown = replace(scene, display=Display(high_percent=high))
                yield lambda shown=shown: canvas.show(shown)  # type: ignore[misc]
            else:
                yield lambda view=view: look(canvas, view)  # type: ignore[misc]

    return frames


def look(canvas: ImageCanvas, view: Viewport) -> None:
    """Zoom and centre as the wheel and a pan do."""
    middle = (SIDE - 1) / 2
    canvas.wheel(np.log(view.scale / canvas.viewport.scale) / np.log(1.25), middle, middle)
    canvas.center_on(*view.centre)


class Peer:
    """The image in matplotlib's canvas for Tk: the same limits, stretch, mask and views."""

    def __init__(self, parent: tk.Tk, picture: Picture, side: int) -> None:
        from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
        from matplotlib.colors import AsinhNorm
        from matplotlib.figure import Figure as Page

        page = Page(figsize=(side / 100, side / 100), dpi=100)
        self.axes = page.add_axes((0, 0, 1, 1))
        norm = AsinhNorm(linear_width=1.0, vmin=0, vmax=200)
        data = np.ma.array(picture.data, mask=picture.mask)
        self.shown = self.axes.imshow(
            data, norm=norm, cmap="viridis", interpolation="nearest", aspect="auto"
        )
        self.canvas = FigureCanvasTkAgg(page, parent)
        self.canvas.get_tk_widget().pack(side="left")

    def look(self, view: Viewport) -> None:
        left, top = view.to_image(-0.5, -0.5)
        right, bottom = view.to_image(view.width - 0.5, view.height - 0.5)
        self.axes.set_xlim(left, right)
        self.axes.set_ylim(bottom, top)
        self.canvas.draw()

    def contrast(self, high: float) -> None:
        self.shown.set_clim(0, 2 * high)
        self.canvas.draw()

    def frames(self, name: str, count: int) -> Iterator[Callable[[], None]]:
        for view, high in zip(views(name, count), highs(), strict=False):
            if name == "contrast":
                yield lambda high=high: self.contrast(high)  # type: ignore[misc]
            else:
                yield lambda view=view: self.look(view)  # type: ignore[misc]


def bare(root: tk.Tk) -> float:
    """What Tk takes to bring a picture of the same size to the screen, whoever drew it."""
    from PIL import Image, ImageTk

    rng = np.random.default_rng(0)
    ready = [Image.fromarray(rng.integers(0, 255, (SIDE, SIDE, 3), np.uint8)) for _ in range(2)]
    photo = ImageTk.PhotoImage("RGB", (SIDE, SIDE), master=root)
    label = tk.Label(root, image=str(photo), borderwidth=0)
    label.pack()
    root.update()
    frames = (lambda k=k: photo.paste(ready[k % 2]) for k in range(FRAMES))
    taken = median_ms(frames, root.update)
    label.destroy()
    return taken


def lens_places(count: int) -> Iterator[tuple[float, float]]:
    for k in range(count):
        yield CENTRE[0] + 900 + 0.7 * (k % 30), CENTRE[1] + 1.3 * k


def measure_frames(root: tk.Tk, picture: Picture) -> list[Figure]:
    canvas = ImageCanvas(root, Recorder())
    canvas.configure(width=SIDE, height=SIDE)
    canvas.pack(side="left")
    root.update()
    scene = Scene(picture=picture)
    start = time.perf_counter()
    canvas.show(scene)
    root.update_idletasks()
    first = 1e3 * (time.perf_counter() - start)
    steps = preparation(picture)
    settle(canvas)
    mine, other = {}, {}
    peer = Peer(root, picture, SIDE)
    root.update()
    for name in (*SCALES, "zooming", "contrast"):
        mine[name] = median_ms(ours(canvas, scene)(name, FRAMES), root.update)
        other[name] = median_ms(peer.frames(name, PEER_FRAMES), root.update)
    figures = [
        Figure("first frame of a new image", first, "ms"),
        Figure("reduced images, longest step between events", max(steps), "ms", 50),
        Figure("reduced images, all steps", sum(steps), "ms"),
        Figure("marks only: live circle and 12 points", marks(root, canvas), "ms", 16),
    ]
    for name, value in mine.items():
        figures += beside(f"frame, {name}", value, other[name], None if name == JUMPS else 30)
    figures.append(Figure("Tk alone, showing a ready picture", bare(root), "ms"))
    canvas.destroy()
    peer.canvas.get_tk_widget().destroy()
    return figures


def preparation(picture: Picture) -> list[float]:
    """Time of each step that makes the reduced images, in ms."""
    taken = []
    steps = Renderer(picture).build()
    while True:
        start = time.perf_counter()
        if next(steps, steps) is steps:
            return taken
        taken.append(1e3 * (time.perf_counter() - start))


def settle(canvas: ImageCanvas) -> None:
    """Run the event loop until the canvas has its reduced images."""
    renderer: Any = canvas._renderer
    while min(renderer.pyramid.levels[-1].values.shape) >= 2 * SMALLEST_SIDE:
        canvas.update()
    canvas.update()


def marks(root: tk.Tk, canvas: ImageCanvas) -> float:
    def frames() -> Iterator[Callable[[], None]]:
        for k in range(FRAMES):
            circle = RingMark(CENTRE[0] + 0.1 * k, CENTRE[1], 900, "live")
            points = tuple(
                PointMark(n, *(2 * (CENTRE[0] + 900 * np.cos(n), CENTRE[1] + 900 * np.sin(n))),
                          True, "inlier")
                for n in range(1, 13)
            )
            scene = replace(canvas._scene, rings=(circle,), points=points)
            yield lambda scene=scene: canvas.show(scene)  # type: ignore[misc]

    canvas.zoom_fit()
    root.update()
    return median_ms(frames(), root.update)


def measure_lens(root: tk.Tk, picture: Picture) -> list[Figure]:
    magnifier = Magnifier(root, context(root, Recorder()))
    magnifier.pack()
    magnifier.show(Scene(picture=picture))
    root.update()
    moves = (lambda place=place: magnifier.follow(*place) for place in lens_places(LENS_FRAMES))
    mine = median_ms(moves, root.update)
    magnifier.destroy()
    peer = Peer(root, picture, LENS_SIDE)
    root.update()
    lenses = [
        Viewport.around(LENS_SIDE, LENS_SIDE, *place, LENS_FACTOR)
        for place in lens_places(LENS_FRAMES)
    ]
    others = (lambda view=view: peer.look(view) for view in lenses)
    return beside("move of the magnifier", mine, median_ms(others, root.update), 100)


def beside(name: str, mine: float, other: float, times: float | None) -> list[Figure]:
    return [
        Figure(name, mine, "ms", peer=other, peer_name="matplotlib TkAgg"),
        Figure(f"{name}: times faster", other / mine, "times", times, at_least=True),
    ]


def run() -> list[Figure]:
    """Measure in a private screen where there is Xvfb, else on the user's."""
    picture = image()
    with ExitStack() as stack:
        if os.name == "posix" and not os.environ.get("CALIBTOOL_BENCH_DISPLAY"):
            os.environ["DISPLAY"] = stack.enter_context(running_xvfb())
        root = tk.Tk()
        stack.callback(root.destroy)
        return measure_frames(root, picture) + measure_lens(root, picture)
