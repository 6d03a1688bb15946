"""The look: text can be read, pictures are smooth, and everything follows the resolution."""

import io
import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from calibtool.view.body import Body
from calibtool.view.palette import DARK, LIGHT, Palette
from calibtool.view.shapes import Rounded, Stroke, paint
from calibtool.view.short_label import shortened
from calibtool.view.theme import Theme
from tests.view.events import settle
from tests.view.scenes import fitted
from tests.view.screen import pixels


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.1."""
    parts = np.array(list(bytes.fromhex(colour[1:]))) / 255.0
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("p", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(p: Palette) -> None:
    for ground in (p.background, p.surface):
        for text in (p.text, p.muted, p.good, p.fair, p.poor):
            assert contrast(text, ground) >= 4.5
    assert contrast(p.on_accent, p.accent) >= 4.5
    assert contrast(p.text, p.selection) >= 4.5
    for ground in (p.info_background, p.warning_background, p.error_background):
        assert contrast(p.text, ground) >= 4.5
    for curve in p.curves:
        assert contrast(curve, p.surface) >= 2.5


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_pictures_have_the_right_area_and_smooth_edges() -> None:
    data = paint(21, 21, [(Rounded(21, 21, 10.5), "#ffffff")], "#000000")
    values = decoded(data)[:, :, 0] / 255.0
    assert values.shape == (21, 21)
    assert values.sum() == pytest.approx(np.pi * 10.5**2, rel=0.01)
    assert ((values > 0) & (values < 1)).sum() > 20


def test_the_middle_of_a_picture_can_be_repeated() -> None:
    data = paint(5, 5, [(Rounded(5, 5, 2), "#ff0000")], "#0000ff", (4, 3))
    values = decoded(data)
    assert values.shape == (7, 8, 3)
    assert np.all(values[3, 1:-1] == (255, 0, 0))


def test_a_stroke_covers_its_length_and_thickness() -> None:
    data = paint(30, 9, [(Stroke(((5.0, 4.5), (25.0, 4.5)), 3.0), "#ffffff")], "#000000")
    area = decoded(data)[:, :, 0].sum() / 255.0
    assert area == pytest.approx(20 * 3 + np.pi * 1.5**2, rel=0.03)


def test_light_and_dark_change_what_is_seen_and_back(window: Body, root: tk.Tk) -> None:
    scene = fitted()
    window.show(scene)
    side = window.workspace.side
    light = pixels(side)
    window.show(replace(scene, display=replace(scene.display, dark=True)))
    dark = pixels(side)
    assert light.mean() > 200
    assert dark.mean() < 80
    window.show(scene)
    assert np.mean(np.abs(pixels(side) - light)) < 0.5


@pytest.mark.parametrize("dpi", [96, 144, 192])
def test_lengths_and_rows_follow_the_resolution(root: tk.Tk, dpi: int) -> None:
    root.tk.call("tk", "scaling", dpi / 72)
    theme = Theme(root)
    # The screen's dots per inch come from the scaling of Tk.
    assert theme.scale == pytest.approx(dpi / 96, rel=0.02)
    assert theme.px(100) == pytest.approx(100 * dpi / 96, abs=2)
    row = int(theme.style.lookup("Treeview", "rowheight"))
    assert row > tkfont.nametofont("CalibtoolSmall", root).metrics("linespace")


@pytest.mark.parametrize(("width", "height"), [(900, 600), (1024, 740), (1280, 770)])
def test_nothing_in_the_window_is_cut_off(
    window: Body, root: tk.Tk, width: int, height: int
) -> None:
    root.geometry(f"{width}x{height}")
    for scene in (fitted(), replace(fitted(), picking=True)):
        window.show(scene)
        settle(root)
        cut = [
            f"{widget} {widget.cget('text')!r}"
            for widget in mapped(window.workspace)
            if widget.winfo_class() in ("TButton", "TCheckbutton", "TLabel")
            and not widget.winfo_name().startswith("!shortlabel")
            and str(widget.cget("width")) != "1"
            and widget.winfo_width() < widget.winfo_reqwidth() - 1
        ]
        assert cut == []
        right = root.winfo_rootx() + root.winfo_width()
        assert [str(widget) for widget in mapped(window.workspace)
                if widget.winfo_rootx() + widget.winfo_width() > right] == []


@pytest.mark.parametrize("width", [860, 932, 1000, 1280])
def test_titles_of_the_drawer_and_the_tool_bar_are_never_cut(
    window: Body, root: tk.Tk, width: int
) -> None:
    root.minsize(1, 1)
    root.geometry(f"{width}x640")
    window.show(fitted())
    settle(root)
    for titles in (window.workspace.drawer.titles, window.workspace.tool_bar.buttons):
        for title in titles.values():
            assert title.winfo_width() >= title.winfo_reqwidth()
            assert title.winfo_x() + title.winfo_width() <= title.master.winfo_width()


def test_the_knob_of_a_slider_is_whole_at_both_ends(window: Body, root: tk.Tk) -> None:
    window.show(fitted())
    side = window.workspace.side
    side.sections["Image and colours"].toggle()
    settle(root)
    knobs = []
    for value in (50.0, 75.0, 100.0):
        side.display.high.set(value)
        settle(root)
        side.display.high.focus_force()
        settle(root)
        shown = pixels(side.display.high)
        accent = np.array([int(LIGHT.accent[k : k + 2], 16) for k in (1, 3, 5)])
        knobs.append(int(np.all(np.abs(shown - accent) < 12, axis=2).sum()))
    assert min(knobs) > 50
    assert min(knobs) == max(knobs)


def mapped(widget: tk.Misc) -> list[tk.Misc]:
    children = [child for child in widget.winfo_children() if child.winfo_ismapped()]
    return [*children, *(deeper for child in children for deeper in mapped(child))]


def test_long_names_give_way_in_the_middle() -> None:
    name = "a_very_long_name_of_an_image_0001.tif"
    assert shortened(name, 100, len) == name
    short = shortened(name, 20, len)
    assert len(short) == 20
    assert short.startswith("a_very_lo")
    assert short.endswith("001.tif")
