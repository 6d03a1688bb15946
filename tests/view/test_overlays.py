"""Marks can be told from the image and from each other, without relying on hue."""

import tkinter as tk
from itertools import pairwise

import pytest

from calibtool.scene import CrossMark, PointMark, RingMark
from calibtool.view.colormaps import COLORMAPS, Color, color, ramp
from calibtool.view.cross_hairs import CrossHairs
from calibtool.view.overlays import HALO, POINT_COLORS, STROKES, WHITE, Overlays
from calibtool.view.viewport import Viewport


def luminance(entry: Color) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.1)."""
    parts = [part / 255 for part in entry]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", list(COLORMAPS))
def test_core_or_halo_stands_out_from_every_colour_of_every_map(name: str) -> None:
    pairs = [(stroke.color, stroke.halo) for stroke in STROKES.values()]
    pairs += [(core, HALO) for core in POINT_COLORS.values()]
    for core, halo in pairs:
        least = min(
            max(contrast(color(core), under), contrast(color(halo), under))
            for under in ramp(name, 64)
        )
        assert least > 2, (core, halo)


def test_roles_differ_in_more_than_colour() -> None:
    dashes = [STROKES[role].dash for role in ("fit", "live", "stale", "order")]
    assert len(set(dashes)) == 4


def drawn(root: tk.Tk, role: str, selected: int | None = None) -> tuple[tk.Canvas, list[str]]:
    canvas = tk.Canvas(root, width=200, height=200)
    point = PointMark(1, 98, 97, 100, 100, True, role)  # type: ignore[arg-type]
    view = Viewport(200, 200)
    Overlays(canvas, 1.0).draw(view, (), (), (point,), selected)
    return canvas, sorted(canvas.type(item) for item in canvas.find_all())


def test_kinds_of_points_differ_in_shape_and_the_selected_one_has_a_ring(root: tk.Tk) -> None:
    shapes = {role: tuple(drawn(root, role)[1]) for role in ("inlier", "outlier", "new")}
    assert len(set(shapes.values())) == 3
    plain, chosen = drawn(root, "inlier")[1], drawn(root, "inlier", 1)[1]
    assert chosen.count("oval") == plain.count("oval") + 2


def test_clicked_and_refined_position_are_both_drawn(root: tk.Tk) -> None:
    canvas, _ = drawn(root, "inlier")
    centres = set()
    for item in canvas.find_all():
        if canvas.type(item) == "oval":
            left, top, right, bottom = canvas.coords(item)
            centres.add(((left + right) / 2, (top + bottom) / 2))
    assert centres == {(98.0, 97.0), (100.0, 100.0)}


@pytest.mark.parametrize(
    ("x", "clicked_x", "drawn"),
    [(100, 100, True), (-30, -30, True), (-60, -60, False), (260, 260, False), (-60, 150, True)],
)
def test_a_point_out_of_sight_is_not_put_on_the_canvas(
    root: tk.Tk, x: float, clicked_x: float, drawn: bool
) -> None:
    canvas = tk.Canvas(root, width=200, height=200)
    point = PointMark(1, clicked_x, 100, x, 100, True, "new")
    Overlays(canvas, 1.0).draw(Viewport(200, 200), (), (), (point,))
    assert bool(canvas.find_withtag("point")) is drawn


@pytest.mark.parametrize("unit", [1.0, 2.0])
def test_lines_and_markers_grow_with_the_screen(root: tk.Tk, unit: float) -> None:
    canvas = tk.Canvas(root, width=200, height=200)
    circle = RingMark(100, 100, 50, "live")
    point = PointMark(1, 100, 50, 100, 50, False, "inlier")
    Overlays(canvas, unit).draw(Viewport(200, 200), (circle,), (), (point,))
    widths = [float(canvas.itemcget(item, "width")) for item in canvas.find_withtag("ring")]
    assert sorted(widths) == [unit, 3 * unit] or sorted(widths) == [2.0, 6.0]
    (oval,) = (item for item in canvas.find_withtag("point") if canvas.type(item) == "oval")
    left, _, right, _ = canvas.coords(oval)
    assert right - left == pytest.approx(9 * unit)


def test_numbers_of_rings_stand_clear_of_each_other(root: tk.Tk) -> None:
    canvas = tk.Canvas(root, width=300, height=300)
    rings = tuple(RingMark(150, 150, 50 + 3.0 * n, "order", f"{n}th") for n in range(4, 24))
    Overlays(canvas, 1.0).draw(Viewport(300, 300), rings, (), ())
    texts = {canvas.itemcget(item, "text"): item for item in canvas.find_all()
             if canvas.type(item) == "text"}
    assert 3 < len(texts) < len(rings)
    boxes = sorted((canvas.bbox(item) for item in texts.values()), key=lambda box: box[1])
    assert all(upper[3] <= lower[1] + 4 for upper, lower in pairwise(boxes))


def test_labels_are_white_with_a_dark_rim_and_clear_of_their_cross(root: tk.Tk) -> None:
    canvas = tk.Canvas(root, width=300, height=200)
    cross = CrossMark(100, 100, "fixed", "fixed centre")
    Overlays(canvas, 1.0).draw(Viewport(300, 200), (), (cross,), ())
    texts = [item for item in canvas.find_all() if canvas.type(item) == "text"]
    assert [canvas.itemcget(item, "fill") for item in texts] == [HALO] * 4 + [WHITE]
    assert canvas.bbox(texts[-1])[0] >= 105


def stacked(canvas: tk.Canvas) -> list[str]:
    """Colours of the lines on a canvas, the lowest first."""
    return [canvas.itemcget(item, "fill") for item in canvas.find_withtag("ring")]


def test_no_halo_covers_its_line_after_zooming_in_and_out(root: tk.Tk) -> None:
    once, again = (tk.Canvas(root, width=200, height=200) for _ in range(2))
    ring, near = (RingMark(100, 100, 50, "fit", width=2.0),), Viewport.around(200, 200, 150, 100, 5)
    Overlays(once, 1.0).draw(Viewport(200, 200), ring, (), ())
    overlays = Overlays(again, 1.0)
    for view in (Viewport(200, 200), near, Viewport(200, 200)):
        overlays.draw(view, ring, (), ())
    assert stacked(again) == stacked(once)


def test_what_is_put_by_a_later_drawer_stays_above(root: tk.Tk) -> None:
    canvas = tk.Canvas(root, width=200, height=200)
    overlays, hairs = Overlays(canvas, 1.0), CrossHairs(canvas, 1.0)
    hairs.draw(Viewport(200, 200), 100, 100, frozen=True)
    point = PointMark(1, 98, 97, 100, 100, True, "new")
    overlays.draw(Viewport(200, 200), (RingMark(100, 100, 50, "live"),), (), (point,))
    marks = {*canvas.find_withtag("ring"), *canvas.find_withtag("point")}
    assert max(canvas.find_all().index(mark) for mark in marks) < min(
        canvas.find_all().index(hair) for hair in canvas.find_withtag("hair")
    )
