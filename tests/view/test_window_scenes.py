"""Every kind of scene is shown without an error, and what is shown agrees with it."""

import itertools
import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace
from tkinter import ttk
from types import MappingProxyType

import pytest

from calibtool.scene import Busy, Display, Field, Notice, ResultRow, Scene
from calibtool.view.body import Body
from calibtool.view.results import EMPTY, STALE, SYMBOLS
from calibtool.view.window import Window
from calibtool.view.workspace import Workspace
from tests.view.events import settle
from tests.view.recorder import Recorder
from tests.view.scenes import every_kind, fields, fitted, points


def shown(window: Body, scene: Scene) -> Workspace:
    window.show(scene)
    settle(window.workspace)
    return window.workspace


def agrees(workspace: Workspace, scene: Scene) -> None:
    """What can be read from the widgets is what the scene says."""
    tree = workspace.points.list.tree
    assert list(tree.get_children()) == [str(point.number) for point in scene.points]
    results = workspace.side.results
    rows = [row for row in results.rows if row[0].winfo_manager()]
    assert [tuple(str(label.cget("text")) for label in row) for row in rows] == [
        (row.name, row.value, row.source) for row in scene.results
    ]
    text = scene.notice.text if scene.notice is not None else scene.hint
    assert str(workspace.guide.text.cget("text")) == text
    assert bool(workspace.status.job.winfo_manager()) == (scene.busy is not None)
    for table, panel in ((scene.folder, workspace.folder.table),
                         (scene.series, workspace.series.table),
                         (scene.history, workspace.convergence.table)):
        shown_rows = [tuple(map(str, panel.tree.item(item, "values")))
                      for item in panel.tree.get_children()]
        assert shown_rows == list(table.rows)
    for key, field in scene.fields.items():
        if key in workspace.rows:
            assert workspace.rows[key].text.get() == field.text


def test_every_scene_after_every_other_is_shown_and_agrees(
    window: Body, actions: Recorder
) -> None:
    kinds = every_kind()
    for first, second in itertools.pairwise([*kinds, *reversed(kinds), "nothing", "busy"]):
        for name in (first, second):
            agrees(shown(window, kinds[name]), kinds[name])
    asked = {name for name, _arguments in actions.calls}
    assert asked <= {"describe", "profile"}


def test_every_panel_draws_every_scene(window: Body) -> None:
    for scene in every_kind().values():
        workspace = shown(window, scene)
        for tab in workspace.tabs.tabs():
            workspace.tabs.select(tab)
            settle(workspace)
    for section in workspace.side.sections.values():
        section.header.invoke()
        settle(workspace)


def test_the_same_scene_again_touches_nothing(window: Body) -> None:
    scene = fitted()
    workspace = shown(window, scene)
    strip = workspace.points.strip.plot
    ground, marker = strip.find_all()[0], strip.find_all()[-1]
    for item in (ground, marker):
        strip.addtag_withtag("seen", item)
    shown(window, replace(scene, hint="something else"))
    assert strip.find_withtag("seen") == (ground, marker)
    shown(window, replace(scene, selected=1))
    assert strip.find_withtag("seen") == (ground,)
    shown(window, replace(scene, display=Display(dark=True)))
    assert not strip.find_withtag("seen")


def test_a_job_that_goes_on_draws_neither_image_nor_magnifier(
    window: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = replace(fitted(), busy=Busy("Searching", 0.25))
    workspace = shown(window, scene)
    drawn: list[str] = []
    for canvas in (workspace.image, workspace.lens.lens):
        monkeypatch.setattr(canvas._overlays, "draw", lambda *_marks: drawn.append("marks"))
        monkeypatch.setattr(canvas._surface, "paste", lambda _frame: drawn.append("pixels"))
    for part in (0.5, 0.75):
        shown(window, replace(scene, busy=Busy("Searching", part)))
    assert drawn == []
    shown(window, replace(scene, selected=2))
    assert drawn == ["marks", "marks"]


def test_the_title_names_the_image(window: Body, root: tk.Tk) -> None:
    shown(window, fitted())
    assert root.title() == "ring.tif — calibtool"


def test_the_verdict_has_a_symbol_beside_its_colour(window: Body) -> None:
    for level in ("good", "fair", "poor"):
        scene = replace(fitted(), verdict_level=level, verdict="So it is.")  # type: ignore[arg-type]
        results = shown(window, scene).side.results
        assert str(results.symbol.cget("text")) == SYMBOLS[level]
        assert str(results.symbol.cget("style")).startswith(level)
        assert str(results.verdict.cget("text")) == "So it is."
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_long_sources_stand_below_and_are_whole(window: Body) -> None:
    long = "d 5.838 nm × radius, the second ring by the ratio of the radii of three rings"
    rows = (ResultRow("Radius", "30.00 ± 0.01 px", "fit"), ResultRow("Scale", "1 nm·px", long))
    known = fields()
    known["d10"] = Field("5.8", "nm", "small angle; exact 5.83795 nm")
    workspace = shown(window, replace(
        fitted(), results=rows, fields=MappingProxyType(known)))
    short, lower = (row[2] for row in workspace.side.results.rows[:2])
    assert short.winfo_y() < lower.winfo_y()
    assert lower.winfo_width() >= lower.winfo_reqwidth()
    assert lower.winfo_y() > workspace.side.results.rows[1][1].winfo_y()
    row = workspace.rows["d10"]
    assert row.source.winfo_y() > row.widget.winfo_y()
    assert row.source.winfo_width() >= row.source.winfo_reqwidth()


def test_a_source_stands_beside_its_value_where_that_is_short(window: Body) -> None:
    rows = (ResultRow("Scale d·R", "49.6691 ± 0.0030 nm·px", "d × R"),
            ResultRow("Distance S_dd", "208.774 mm", "from ring"))
    workspace = shown(window, replace(fitted(), results=rows))
    for _name, value, source in workspace.side.results.rows[:2]:
        assert source.winfo_y() == value.winfo_y()
        assert source.winfo_x() >= value.winfo_x() + value.winfo_width()
        assert source.winfo_height() <= value.winfo_height()


def test_old_results_are_visibly_old(window: Body) -> None:
    results = shown(window, replace(fitted(), fresh=False)).side.results
    assert results.stale.winfo_manager() == ""
    assert str(results.symbol.cget("text")) == SYMBOLS["none"]
    assert str(results.rows[0][1].cget("style")) == "Stale.TLabel"
    results = shown(window, replace(fitted(), fresh=False, verdict="")).side.results
    assert str(results.stale.cget("text")) == STALE
    assert results.stale.winfo_manager() == "grid"
    assert str(results.rows[0][1].cget("style")) == "Stale.TLabel"
    results = shown(window, fitted()).side.results
    assert results.stale.winfo_manager() == ""
    assert str(results.rows[0][1].cget("style")) == "TLabel"


def test_without_results_the_panel_says_what_to_do(window: Body) -> None:
    results = shown(window, every_kind()["image only"]).side.results
    assert str(results.verdict.cget("text")) == EMPTY


def test_results_come_and_go(window: Body) -> None:
    heights: dict[int, int] = {}
    for count in (5, 2, 0, 7):
        rows = tuple(ResultRow(f"name {k}", f"{k} ± 1 px", "fit") for k in range(count))
        scene = replace(fitted(), results=rows)
        workspace = shown(window, scene)
        agrees(workspace, scene)
        heights[count] = workspace.side.results.winfo_height()
    assert heights[7] > heights[5] > heights[2] > heights[0]


def test_a_notice_has_its_buttons_and_they_answer(window: Body, actions: Recorder) -> None:
    notice = Notice("Which detector is it?", "warning", (("a", "MarCCD"), ("b", "Rayonix")))
    guide = shown(window, replace(fitted(), notice=notice)).guide
    buttons = notice_buttons(guide)
    assert [str(button.cget("text")) for button in buttons] == ["MarCCD", "Rayonix"]
    for button in buttons:
        button.invoke()
    assert actions.named("answer") == [("a",), ("b",)]


def test_a_notice_without_choices_can_be_put_away(window: Body, actions: Recorder) -> None:
    guide = shown(window, replace(fitted(), notice=Notice("No ring.", "error"))).guide
    (button,) = notice_buttons(guide)
    button.invoke()
    assert actions.named("answer") == [("dismiss",)]
    guide = shown(window, fitted()).guide
    assert notice_buttons(guide) == []


@pytest.mark.parametrize("width", [900, 1280])
def test_a_job_leaves_the_position_whole(
    window: Body, root: tk.Tk, actions: Recorder, width: int
) -> None:
    root.geometry(f"{width}x740")
    folder = "/data/visitor/sc5678/id02/20261122/RAW_DATA/silver_behenate/run_0007"
    text = f"Processing {folder}: 34 of 120 images, 1:23 left"
    status = shown(window, replace(fitted(), busy=Busy(text, 0.3))).status
    status.describe("x 769.98  y 628.68   I −1 (masked)   r 242.22 px   d 5.848 nm")
    settle(status)
    assert status.position.winfo_width() >= status.position.winfo_reqwidth()
    told = str(status.text.cget("text"))
    assert told.startswith("Processing")
    assert told.endswith("1:23 left")
    for part in (status.text, status.progress, status.cancel):
        assert part.winfo_width() >= part.winfo_reqwidth()
    end = status.cancel.winfo_rootx() + status.cancel.winfo_width()
    assert end <= root.winfo_rootx() + root.winfo_width()
    status.describe("")
    settle(status)
    assert len(str(status.text.cget("text"))) > len(told)


def test_a_notice_takes_three_lines_at_most(window: Body, root: tk.Tk) -> None:
    root.geometry("1024x740")
    text = "Cannot open " + "/a/folder with a name" * 40 + ": there is no such file."
    guide = shown(window, replace(fitted(), notice=Notice(text, "error"))).guide
    line = tkfont.nametofont("TkDefaultFont", root).metrics("linespace")
    assert guide.winfo_height() < 4 * line
    told = str(guide.text.cget("text"))
    assert told.startswith("Cannot open")
    assert told.endswith("there is no such file.")


def test_many_choices_are_a_list(window: Body, actions: Recorder) -> None:
    choices = tuple((f"file.h5::/entry/data_{k}", f"/entry/data_{k}") for k in range(7))
    guide = shown(window, replace(fitted(), notice=Notice("Which dataset?", "info", choices))).guide
    (box,) = [widget for frame in guide.winfo_children() if isinstance(frame, ttk.Frame)
              for widget in frame.winfo_children() if isinstance(widget, ttk.Combobox)]
    box.current(3)
    box.event_generate("<<ComboboxSelected>>")
    notice_buttons(guide)[0].invoke()
    assert actions.named("answer") == [("file.h5::/entry/data_3",), ("dismiss",)]


def test_the_note_of_the_selected_point_is_read_out(window: Body) -> None:
    noted = tuple(replace(p, note="no peak near the click" if p.number == 4 else "")
                  for p in points())
    words = shown(window, replace(fitted(), points=noted, selected=4)).points.words
    assert "Point 4: no peak near the click" in str(words.cget("text"))
    shown(window, replace(fitted(), points=noted, selected=2))
    assert "Point" not in str(words.cget("text"))


def test_tab_goes_from_the_image_to_the_panels_to_the_side(window: Body) -> None:
    workspace = shown(window, fitted())
    order, widget = [], workspace.image
    for _ in range(80):
        widget = widget.tk_focusNext()  # type: ignore[assignment]
        order.append(str(widget))
        if widget is workspace.image:
            break
    parts = [str(part) for part in (workspace.lens, workspace.tabs, workspace.points.list.tree,
                                    workspace.side.rows["d_spacing"].widget)]
    places = [next(k for k, name in enumerate(order) if name.startswith(part)) for part in parts]
    assert places == sorted(places)
    assert order[-1] == str(workspace.image)


def test_return_presses_the_button_with_the_focus_and_nothing_else(
    window: Body, actions: Recorder
) -> None:
    workspace = shown(window, replace(fitted(), picking=True))
    button = workspace.points._buttons["reset"]
    button.focus_force()
    settle(button)
    button.event_generate("<Return>")
    settle(button)
    assert actions.named("command") == [("reset",)]


def notice_buttons(guide: tk.Misc) -> list[ttk.Button]:
    return [
        widget
        for frame in guide.winfo_children() if isinstance(frame, ttk.Frame)
        for widget in frame.winfo_children() if isinstance(widget, ttk.Button)
    ]


def test_the_image_does_not_move_when_texts_and_jobs_come(window: Body) -> None:
    scene = replace(fitted(), hint="", notice=None, busy=None)
    image = shown(window, scene).image
    before = (image.winfo_rootx(), image.winfo_rooty(), image.winfo_width(),
              image.winfo_height())
    for other in (
        replace(scene, hint="Now click the exact place in the magnifier. " * 2),
        replace(scene, notice=Notice("A sentence about what is wrong and what to do. " * 2)),
        replace(scene, busy=Busy("Searching", 0.5)),
        replace(scene, points=points(), picking=True),
    ):
        shown(window, other)
        assert before == (image.winfo_rootx(), image.winfo_rooty(), image.winfo_width(),
                          image.winfo_height())


def test_the_running_job_shows_its_progress_and_can_be_cancelled(
    window: Body, actions: Recorder
) -> None:
    status = shown(window, replace(fitted(), busy=Busy("Searching", 0.25))).status
    assert str(status.text.cget("text")) == "Searching"
    assert float(status.progress.cget("value")) == pytest.approx(0.25)
    assert str(status.progress.cget("mode")) == "determinate"
    shown(window, replace(fitted(), busy=Busy("Fitting", 0.75)))
    assert float(status.progress.cget("value")) == pytest.approx(0.75)
    shown(window, replace(fitted(), busy=Busy("Reading", None)))
    assert str(status.progress.cget("mode")) == "indeterminate"
    status.cancel.invoke()
    assert actions.named("command") == [("stop",)]


def test_a_row_of_the_folder_or_the_series_opens_its_image(
    window: Body, actions: Recorder
) -> None:
    workspace = shown(window, fitted())
    for panel, name in ((workspace.folder, "folder"), (workspace.series, "series")):
        workspace.tabs.select(panel)
        settle(workspace)
        tree = panel.table.tree
        tree.focus("2")
        tree.focus_force()
        settle(tree)
        tree.event_generate("<Return>")
        x, y, _width, height = tree.bbox("0")
        for _ in range(2):
            tree.event_generate("<Button-1>", x=x + 4, y=y + height // 2)
            tree.event_generate("<ButtonRelease-1>", x=x + 4, y=y + height // 2)
        settle(tree)
        assert actions.named("open_row") == [(name, 2), (name, 0)]
        actions.calls.clear()


def test_only_the_buttons_of_the_present_step_are_there(window: Body) -> None:
    buttons = shown(window, fitted()).points._buttons
    assert buttons["pick"].winfo_manager()
    assert not buttons["done"].winfo_manager()
    shown(window, replace(fitted(), picking=True))
    assert not buttons["pick"].winfo_manager()
    assert buttons["done"].winfo_manager()
    assert buttons["cancel_picking"].winfo_manager()


def test_scenes_shown_before_the_panels_are_there_are_kept(
    root: tk.Tk, actions: Recorder
) -> None:
    window = Window(root)
    scene = fitted()
    window.show(scene)
    root.update()
    assert window.body is None
    window.set_actions(actions)
    root.update()
    assert window.body is not None
    agrees(window.body.workspace, scene)


def test_without_an_image_the_window_invites_to_open_one(
    window: Body, actions: Recorder
) -> None:
    empty = Scene(enabled=frozenset({"open"}), recent=("/data/a.tif", "/data/b.tif"))
    welcome = shown(window, empty).welcome
    assert welcome.winfo_ismapped()
    recent = [widget for frame in welcome.winfo_children() if isinstance(frame, ttk.Frame)
              for widget in frame.winfo_children() if isinstance(widget, ttk.Button)]
    assert [str(button.cget("text")) for button in recent] == ["a.tif", "b.tif"]
    recent[1].invoke()
    assert actions.named("command_path") == [("open", "/data/b.tif")]
    shown(window, fitted())
    assert not welcome.winfo_ismapped()
