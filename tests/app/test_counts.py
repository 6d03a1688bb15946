"""How many clicks and keys some tasks take, done on the real window with what is in sight.

Characters of a path are not counted: it was copied elsewhere, and Ctrl-V is one key. Every
widget is clicked where it is seen; one that is hidden, or has to be scrolled to, fails.
"""

import csv
import tkinter as tk
from pathlib import Path

import pytest

from calibtool.io.edf import write_edf
from calibtool.model.circle import Circle, radial_residuals
from tests.app.driver import Driver, all_widgets
from tests.app.rings import SMALL, WRONG, Known, real, small_counts
from tests.view.events import settle

HEADER = {"WaveLength": "1.0332e-10", "PSize_1": "172e-6", "PSize_2": "172e-6"}


def paste(program: Driver, path: Path) -> None:
    """Copy a path elsewhere, and press Ctrl-V here."""
    program.root.clipboard_clear()
    program.root.clipboard_append(str(path))
    program.key("<Control-v>")
    program.idle()
    assert program.session.image is not None
    program.until(lambda: program.session.result is not None, "a ring")


def press_seen(program: Driver, widget: tk.Misc) -> None:
    """Click a widget that can be seen: nothing is opened or scrolled for it."""
    settle(program.root)
    x = widget.winfo_rootx() + widget.winfo_width() // 2
    y = widget.winfo_rooty() + widget.winfo_height() // 2
    assert widget.winfo_viewable(), f"{widget} is hidden"
    assert program.root.winfo_containing(x, y) is widget, f"{widget} is out of sight"
    clicks = program.clicks
    program.press(widget)
    assert program.clicks == clicks + 1


def button_seen(program: Driver, name: str) -> tk.Misc:
    """The button of a command that is in sight."""
    for widget in all_widgets(program.workspace):
        if getattr(widget, "_name", None) != name or widget.winfo_class() != "TButton":
            continue
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        if widget.winfo_viewable() and program.root.winfo_containing(x, y) is widget:
            return widget
    return program.workspace.tool_bar.buttons[name]


@pytest.fixture
def agbh(tmp_path: Path) -> Path:
    """An image with a good header, in a folder of four."""
    folder = tmp_path / "images"
    folder.mkdir(exist_ok=True)
    for number in range(1, 5):
        write_edf(folder / f"agbh_{number}.edf", small_counts(number), HEADER)
    return folder / "agbh_1.edf"


def test_open_and_save_the_poni(program: Driver, agbh: Path) -> None:
    paste(program, agbh)
    press_seen(program, button_seen(program, "save_poni"))
    assert agbh.with_suffix(".poni").exists(), program.said
    assert program.clicks <= 1
    assert program.keys <= 1


def test_eight_points_one_removed_refit_and_the_history_exported(
    program: Driver, real_data: Path, tmp_path: Path
) -> None:
    known = real(real_data, "gabriel_agbh.tif")
    path = tmp_path / known.path.name
    path.write_bytes(known.path.read_bytes())
    known = Known(path, known.x, known.y, known.radius, known.tolerance)
    paste(program, path)
    program.key("<F6>")
    for x, y in known.clicks():
        program.click_image(x + 0.8, y - 0.6)
        program.click_lens(x, y)
    wrong = program.session.points[WRONG - 1]
    program.click_image(wrong.x, wrong.y, 3)
    assert len(program.session.points) == 7
    press_seen(program, button_seen(program, "fit"))
    program.idle()
    program.key("<Control-h>")
    written = path.with_name("gabriel_agbh_history.csv").read_text()
    rows = list(csv.DictReader(written.splitlines()))
    assert len(rows) > 10
    assert program.clicks <= 18
    assert program.keys <= 3


def test_ceria_and_its_wavelength_give_distance_and_tilt(
    program: Driver, real_data: Path
) -> None:
    """By the rings of CeO2 the distance is 208.7 mm and the tilt 1.06°, as pyFAI has them."""
    program.root.geometry("1280x730")
    paste(program, real_data / "pilatus1m_ceo2.tif")
    field = program.workspace.rows["wavelength"].widget
    press_seen(program, field)
    # The click has selected what was there, so that typing replaces it.
    for letter in "0.04066":
        field.event_generate("<Key-period>" if letter == "." else f"<Key-{letter}>")
    program.key("<Return>")
    program.idle()
    result = program.session.result
    assert result is not None
    assert result.pattern is not None
    assert result.pattern.calibrant == "CeO2"
    assert result.pattern.distance_mm == pytest.approx(208.715, abs=0.05)
    assert result.pattern.tilt_deg == pytest.approx(1.06, abs=0.02)
    assert program.clicks <= 3
    assert program.keys == 2, "Ctrl-V and Enter; no F5"


def test_a_folder_with_a_fixed_centre(program: Driver, agbh: Path) -> None:
    paste(program, agbh)
    program.press_menu("fix_center")
    assert program.session.settings.fixed_center
    program.key("<F8>")
    assert "4 files" in program.notice
    assert "beam is fixed at" in program.notice
    program.press_notice("Start")
    program.idle()
    assert [row[2] for row in program.scene.series.rows] == ["ok"] * 4
    assert program.clicks <= 3
    assert program.keys <= 2


def test_a_point_is_two_clicks_or_one_click_and_enter(program: Driver, agbh: Path) -> None:
    paste(program, agbh)
    program.key("<F6>")
    x, y, radius = SMALL.center_x_px, SMALL.center_y_px, SMALL.radius_px
    program.clicks = program.keys = 0
    program.click_image(x + radius + 2.0, y)
    program.key("<Return>")
    assert (program.clicks, program.keys) == (1, 1)
    (point,) = program.session.points
    assert point.refined
    assert point.x == pytest.approx(x + radius, abs=0.6)
    program.click_image(x, y + radius - 2.0)
    program.click_lens(x, y + radius - 1.0)
    assert (program.clicks, program.keys) == (3, 1)
    program.drag_image((point.x, point.y), (x + 43.6, y + 43.6))
    moved = program.session.points[0]
    assert moved.refined, "a marker that was dragged goes to the ring, too"
    assert abs(radial_residuals([(moved.x, moved.y)], Circle(x, y, radius))[0]) < 0.6
