"""The image is the work place: how much of the window it gets, and that nothing takes it away."""

import _tkinter
import json
import os
import subprocess
import sys
import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

import pytest

from calibtool.scene import CrossMark, Table
from calibtool.view.body import Body
from calibtool.view.point_list import COLUMNS
from calibtool.view.shell import clamped, opening_size
from calibtool.view.stage import Box, best_corner, box_in
from calibtool.view.workspace import Workspace
from tests.view.events import drag, move, settle
from tests.view.scenes import fitted, points
from tests.xvfb import running_xvfb

SIZES = ["932x699", "1165x728", "1747x983"]
SCREENS = [("1024x768", 96), ("1280x800", 96), ("1920x1080", 96), ("3840x2160", 192)]
PROGRAM = """
import json, sys, tkinter as tk
import numpy as np
from dataclasses import replace
from calibtool.picture import Picture
from calibtool.scene import Table
from calibtool.view.window import Window
from tests.view.recorder import Recorder
from tests.view.scenes import fitted
root = tk.Tk()
window = Window(root, Recorder())
data = np.zeros((500, 500), np.uint16)
scene = replace(fitted(), picture=Picture(data, data > 0), points=(), series=Table())
window.show(scene)
root.update(); root.update()
workspace = window.body.workspace
side = 500 * workspace.image.viewport.scale
column = workspace.side.results.advice.lines[0].header
low = column.winfo_rooty() + column.winfo_height()
seen = low <= workspace.side.column.winfo_rooty() + workspace.side.column.winfo_height()
workspace.drawer.select(workspace.points)
root.update(); root.update()
opened = 500 * workspace.image.viewport.scale
print(json.dumps([side, opened, root.winfo_height(), root.winfo_width(), root.winfo_screenheight(),
                  root.winfo_screenwidth(), seen]))
root.destroy()
"""


@pytest.mark.parametrize(("screen", "dpi"), SCREENS)
@pytest.mark.skipif(sys.platform != "linux", reason="screens of other sizes are those of Xvfb")
def test_the_picture_fills_the_window_and_the_window_the_screen(screen: str, dpi: int) -> None:
    with running_xvfb(screen, dpi) as display:
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120,
            env={**os.environ, "DISPLAY": display}, check=True, cwd=Path(__file__).parents[2],
        )
    side, opened, height, width, screen_height, screen_width, seen = json.loads(run.stdout)
    assert side >= 0.85 * height
    assert opened >= 0.55 * height
    assert height >= 0.88 * screen_height
    assert width >= 0.88 * screen_width
    assert seen, "verdict, numbers and the first warning are in sight"


def sized(window: Body, root: tk.Tk, size: str) -> Workspace:
    root.minsize(1, 1)
    root.geometry(size)
    # Points as on a large detector, so many that the number has two digits.
    far = tuple(replace(p, number=n, x=1000.0 + p.x, y=2000.0 + p.y, residual_px=-123.45)
                for n, p in enumerate(2 * points(), 1))
    window.show(replace(fitted(), points=far))
    settle(root)
    return window.workspace


def nothing_is_cut(tree: ttk.Treeview) -> None:
    """Every cell that is shown is as wide as its text."""
    measure = tkfont.nametofont("CalibtoolSmall", tree).measure
    names = [column.name for column in COLUMNS]
    for item in tree.get_children():
        for name in tree["displaycolumns"]:
            text = str(tree.item(item, "values")[names.index(name)])
            assert int(tree.column(name, "width")) >= measure(text) + 8, (name, text)


@pytest.mark.parametrize("size", SIZES)
def test_list_and_strip_both_have_room(window: Body, root: tk.Tk, size: str) -> None:
    panel = sized(window, root, size).points
    assert panel.strip.winfo_width() >= 150
    tree = panel.list.tree
    columns = tree["displaycolumns"]
    assert len(columns) == len(COLUMNS)
    assert sum(int(tree.column(name, "width")) for name in columns) <= tree.winfo_width()
    nothing_is_cut(tree)


def test_the_list_comes_to_rest_at_every_width(window: Body, root: tk.Tk) -> None:
    workspace = sized(window, root, "760x700")
    tree = workspace.points.list.tree
    seen: list[int] = []
    tree.bind("<Configure>", lambda event: seen.append(event.width), add="+")
    for width in (n for narrow in range(1120, 1160, 2) for n in (1600, narrow)):
        root.geometry(f"{width}x700")
        seen.clear()
        # As many rounds as do for anything that comes to rest; one that does not would never end.
        for _ in range(1000):
            root.tk.dooneevent(_tkinter.DONT_WAIT)
        assert len(seen) < 30, (width, seen[-8:])


def test_the_drawer_opens_by_itself_for_what_comes_and_closes_when_it_goes(
    window: Body, root: tk.Tk
) -> None:
    drawer = window.workspace.drawer
    bare = replace(fitted(), points=(), series=replace(fitted().series, rows=()))
    for scene, opened in (
        (bare, False), (replace(bare, picking=True), True),
        (replace(bare, picking=True, points=points()), True),
        (replace(bare, points=points()), True), (bare, False), (fitted(), True),
    ):  # fmt: skip
        window.show(scene)
        settle(root)
        assert drawer.opened is opened
        assert bool(drawer.inside.winfo_ismapped()) is opened


def test_a_drawer_opened_by_hand_stays_open(window: Body, root: tk.Tk) -> None:
    bare = replace(fitted(), points=(), series=Table())
    window.show(bare)
    drawer = window.workspace.drawer
    drawer.titles[window.workspace.folder].invoke()
    window.show(fitted())
    window.show(bare)
    settle(root)
    assert drawer.opened
    drawer.titles[drawer.current].invoke()
    assert not drawer.opened


def test_the_drawer_has_the_height_that_its_handle_is_dragged_to(
    window: Body, root: tk.Tk
) -> None:
    workspace = sized(window, root, SIZES[2])
    drawer = workspace.drawer
    before = drawer.inside.winfo_height()
    at = drawer.handle.winfo_width() - 30, 8
    drag(drawer.handle, at, (at[0], at[1] - 40), steps=1)
    assert drawer.inside.winfo_height() == pytest.approx(before + 40, abs=4)
    kept = workspace.layout["drawer"]
    assert kept == pytest.approx(before + 40, abs=4)
    drag(drawer.handle, at, (at[0], at[1] + 900), steps=1)
    assert not drawer.opened
    drawer.toggle()
    settle(root)
    workspace.take_layout({"drawer": 200.0, "magnifier": "large"})
    drawer.fit()
    settle(root)
    assert drawer.inside.winfo_height() == 200
    assert workspace.lens.side is None


def test_the_image_keeps_its_middle_when_the_drawer_opens(window: Body, root: tk.Tk) -> None:
    window.show(replace(fitted(), points=(), series=Table()))
    settle(root)
    image = window.workspace.image
    image.zoom_in()
    image.center_on(50.0, 40.0)
    settle(root)
    window.workspace.drawer.toggle()
    settle(root)
    assert image.viewport.centre == pytest.approx((50.0, 40.0), abs=0.5)


def test_the_magnifier_is_there_while_points_are_set_or_when_asked_for(
    window: Body, root: tk.Tk
) -> None:
    lens = window.workspace.lens
    for scene, there in ((fitted(), False), (replace(fitted(), picking=True), True),
                         (fitted(), False)):
        window.show(scene)
        settle(root)
        assert bool(lens.winfo_ismapped()) is there
    window.workspace.image.focus_force()
    settle(root)
    for there in (True, False):
        window.workspace.image.event_generate("<Key-m>")
        settle(root)
        assert bool(lens.winfo_ismapped()) is there


def test_the_magnifier_makes_way_for_the_pointer_until_it_is_frozen(
    window: Body, root: tk.Tk
) -> None:
    scene = replace(fitted(), picking=True)
    window.show(scene)
    settle(root)
    stage, lens = window.workspace.stage, window.workspace.lens
    for _ in range(2):
        x, y = lens.winfo_x() + 40, lens.winfo_y() + 40
        move(stage.image, x, y)
        assert not (lens.winfo_x() <= x <= lens.winfo_x() + lens.winfo_width()
                    and lens.winfo_y() <= y <= lens.winfo_y() + lens.winfo_height())
    window.show(replace(scene, lens=(60.0, 15.0)))
    settle(root)
    before = lens.winfo_x(), lens.winfo_y()
    move(lens.lens, 30, 30)
    assert (lens.winfo_x(), lens.winfo_y()) == before


def test_the_magnifier_has_the_size_that_its_corner_is_dragged_to(
    window: Body, root: tk.Tk
) -> None:
    root.geometry("1600x1000")
    window.show(replace(fitted(), picking=True, lens=(60.0, 45.0)))
    settle(root)
    window.workspace.drawer.close()
    settle(root)
    workspace = window.workspace
    lens = workspace.lens
    before = lens.lens.winfo_width()
    drag(lens._grip, (5, 5), (45, -35), steps=1)
    assert lens.lens.winfo_width() == pytest.approx(before + 40, abs=3)
    assert workspace.layout["magnifier"] == pytest.approx(before + 40, abs=3)
    drag(lens._grip, (5, 5), (905, -895), steps=1)
    assert lens.lens.winfo_width() <= 480
    drag(lens._grip, (5, 5), (-905, 905), steps=1)
    assert lens.lens.winfo_width() == 160


def test_the_beam_keeps_its_corner_free(window: Body, root: tk.Tk) -> None:
    window.show(replace(fitted(), picking=True, crosses=(CrossMark(8.0, 80.0, "fit"),)))
    settle(root)
    workspace = window.workspace
    x, y = workspace.image.viewport.to_canvas(8.0, 80.0)
    lens = workspace.lens
    assert x < lens.winfo_x() or y < lens.winfo_y()


def test_the_corner_is_the_one_that_covers_least() -> None:
    ground, size = Box(0, 0, 800, 600), (200, 240)
    assert best_corner(ground, size, 8, (), "sw") == "sw"
    assert best_corner(ground, size, 8, ((50, 500),), "sw") == "se"
    assert best_corner(ground, size, 8, ((50, 500),), "ne") == "ne"
    assert best_corner(ground, size, 8, ((50, 500), (700, 500)), "sw") == "ne"
    assert box_in(ground, size, 8, "se") == Box(592, 352, 792, 592)


@pytest.mark.parametrize(("geometry", "place"), [
    ("1000x700+20+32", "1000x700+20+32"),
    ("1747x983+90+40", "1280x800+0+0"),
    ("900x600+700+500", "900x600+380+200"),
    ("900x600+-40+-3", "900x600+0+0"),
    (None, ""), ("large", ""),
])  # fmt: skip
def test_a_remembered_place_is_on_the_screen_there_is(geometry: object, place: str) -> None:
    assert clamped(geometry, (1280, 800)) == place


def test_over_two_screens_a_new_window_takes_one() -> None:
    assert opening_size((3840, 1080))[0] < 1920
    assert opening_size((1920, 1080)) == (1747, 983)


def test_the_status_line_says_the_position_under_the_pointer_in_the_magnifier(
    window: Body, root: tk.Tk
) -> None:
    window.show(replace(fitted(), picking=True, lens=(60.0, 45.0)))
    settle(root)
    workspace = window.workspace
    lens = workspace.lens.lens
    for at in ((50, 60), (120, 30)):
        move(lens, *at)
        x, y = lens.viewport.to_image(*at)
        assert str(workspace.status.position.cget("text")) == f"x {x:.2f}  y {y:.2f}"
