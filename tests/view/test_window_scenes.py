"""Every kind of scene is shown without an error, and what is shown agrees with it."""

import itertools
import tkinter as tk
import tkinter.font as tkfont
from dataclasses import replace
from tkinter import ttk
from types import MappingProxyType

import pytest

from calibtool.picture import Display
from calibtool.scene import (
    Advice,
    Busy,
    Field,
    Masking,
    Notice,
    Remedy,
    ResultRow,
    Scene,
    Thumbnail,
    Verdict,
)
from calibtool.view import status_bar
from calibtool.view.body import Body
from calibtool.view.inputs import SAMPLE
from calibtool.view.number_rows import UNKNOWN, NumberRows
from calibtool.view.results import SIGNS
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
    told = [*numbers(workspace.side.results.numbers), *numbers(workspace.side.details)]
    ordered = sorted(scene.results, key=lambda row: row.detail)
    assert told == [(row.name, row.text or UNKNOWN, row.source) for row in ordered]
    lines = workspace.side.results.advice.lines
    assert [line.advice for line in lines] == list(scene.warnings)
    text = scene.notice.text if scene.notice is not None else scene.hint
    assert bool(workspace.guide.winfo_manager()) == bool(text)
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


def numbers(panel: NumberRows) -> list[tuple[str, str, str]]:
    """Name, value and source of each line that is there."""
    return [
        (str(line.name.cget("text")), str(line.value.cget("text")), str(line.source.cget("text")))
        for line in panel.lines if line.name.winfo_manager()
    ]


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
        for panel in workspace.drawer.panels:
            workspace.drawer.select(panel)
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
    workspace.stage.toggle_lens()
    settle(workspace)
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


def test_the_verdict_has_a_sign_beside_its_colour(window: Body) -> None:
    for level in ("good", "fair", "poor"):
        verdict = Verdict("So it is", "centre ±0.1 px", level)  # type: ignore[arg-type]
        line = shown(window, replace(fitted(), verdict=verdict)).side.results.verdict
        assert str(line.sign.cget("text")) == SIGNS[level]
        for part in (line.sign, line.words):
            assert str(part.cget("style")).startswith(level)
        assert str(line.words.cget("text")) == "So it is"
        assert str(line.numbers.cget("text")) == "centre ±0.1 px"
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_a_long_source_below_an_input_is_whole(window: Body) -> None:
    known = fields()
    known["d10"] = Field("5.8", "nm", "small angle; exact 5.83795 nm")
    workspace = shown(window, replace(fitted(), fields=MappingProxyType(known)))
    workspace.side.sections[SAMPLE.title].toggle()
    settle(workspace)
    row = workspace.rows["d10"]
    assert row.source.winfo_y() > row.widget.winfo_y()
    assert row.source.winfo_width() >= row.source.winfo_reqwidth()


@pytest.mark.parametrize("width", [932, 1165])
def test_numbers_with_sigma_unit_and_source_are_whole(
    window: Body, root: tk.Tk, width: int
) -> None:
    root.geometry(f"{width}x700")
    rows = (ResultRow("Beam x", "1498.3704", "px", "0.0097", "ring"),
            ResultRow("Scale", "3749.669", "nm·px", "0.030", "ring"),
            ResultRow("Distance", "5208.774", "mm", "0.011", "9 rings"))
    workspace = shown(window, replace(fitted(), results=rows))
    for line in workspace.side.results.numbers.lines[:3]:
        for part in (line.name, line.value, line.copy, line.source):
            assert not part.winfo_viewable() or part.winfo_width() >= part.winfo_reqwidth()
        assert line.copy.winfo_rootx() + line.copy.winfo_width() <= (
            root.winfo_rootx() + root.winfo_width()
        )


def test_numbers_that_are_not_of_this_image_are_dimmed_and_keep_their_place(window: Body) -> None:
    fresh = fitted()
    panel = shown(window, fresh).side.results
    before = [(line.value.winfo_rooty(), line.value.winfo_height()) for line in panel.numbers.lines]
    advice = panel.advice.winfo_rooty()
    old = replace(fresh, verdict=replace(fresh.verdict, level="none", dimmed=True),
                  results=tuple(replace(row, dimmed=True) for row in fresh.results),
                  warnings=tuple(replace(warning, dimmed=True) for warning in fresh.warnings))
    for scene, style in ((old, "Stale.TLabel"), (fresh, "TLabel")):
        panel = shown(window, scene).side.results
        assert str(panel.numbers.lines[0].value.cget("style")) == style
        lines = panel.numbers.lines
        assert before == [(line.value.winfo_rooty(), line.value.winfo_height()) for line in lines]
        assert panel.advice.winfo_rooty() == advice


def test_each_number_is_copied_by_its_button(window: Body, root: tk.Tk) -> None:
    rows = (ResultRow("Beam x", "−60.25", "px", "0.02", "ring"), ResultRow("Tilt", ""))
    lines = shown(window, replace(fitted(), results=rows)).side.results.numbers.lines
    lines[0].copy.invoke()
    assert root.clipboard_get() == "-60.25"
    assert lines[1].copy.instate(["disabled"])


def test_a_warning_opens_its_explanation_and_its_button_helps(
    window: Body, actions: Recorder
) -> None:
    told = (Advice("short_arc", "Only a short arc is seen", "Add points. " * 12,
                   Remedy("find", "Find ring")),
            Advice("other", "Another calibrant fits better", "CeO2 does.",
                   Remedy("calibrant:CeO2", "Take CeO2")))
    lines = shown(window, replace(fitted(), warnings=told)).side.results.advice.lines
    for line in lines:
        assert not line.explanation.winfo_ismapped()
        line.header.invoke()
        settle(line.header)
        assert line.explanation.winfo_width() >= line.explanation.winfo_reqwidth()
        assert line.header.winfo_width() >= line.header.winfo_reqwidth()
        line.button.invoke()
    assert actions.named("command") == [("find",)]
    assert actions.named("answer") == [("calibrant:CeO2",)]


def test_a_warning_without_a_button_has_the_whole_line(window: Body, root: tk.Tk) -> None:
    root.geometry("932x700")
    told = (Advice("a", "The calibrant is assumed", "…", Remedy("pick", "It is AgBh")),
            Advice("b", "The rings tell another wavelength", "…"))
    lines = shown(window, replace(fitted(), warnings=told)).side.results.advice.lines
    for line in lines:
        assert line.header.winfo_width() >= line.header.winfo_reqwidth()


def test_results_come_and_go(window: Body) -> None:
    for count in (5, 2, 0, 7):
        rows = tuple(ResultRow(f"name {k}", f"{k}", "px", "1", "fit") for k in range(count))
        scene = replace(fitted(), results=rows)
        agrees(shown(window, scene), scene)


def test_a_notice_has_its_buttons_and_they_answer(window: Body, actions: Recorder) -> None:
    notice = Notice("Which detector is it?", "warning", (("a", "MarCCD"), ("b", "Rayonix")))
    guide = shown(window, replace(fitted(), notice=notice)).guide
    buttons = notice_buttons(guide)
    assert [str(button.cget("text")) for button in buttons] == ["MarCCD", "Rayonix"]
    for button in buttons:
        button.invoke()
    assert actions.named("answer") == [("a",), ("b",)]


def test_images_that_are_offered_show_their_pictures(window: Body, actions: Recorder) -> None:
    pictures = Thumbnail(3, 2, bytes((0, 60, 120, 255, 60, 0))), None
    offered = ("open:a.h5::/x", "x (3 × 2)"), ("open:a.h5::/y", "y (3 × 2)")
    notice = Notice("a.h5 holds 2 images: choose one.", "info", offered, pictures)
    first, second = notice_buttons(shown(window, replace(fitted(), notice=notice)).guide)
    image = str(first.cget("image")[0])
    colour = first.tk.call
    assert colour(image, "get", 1, 0) == (60, 60, 60)
    assert colour(image, "get", 0, 1) == (255, 255, 255)
    assert not second.cget("image")
    for button in (first, second):
        button.invoke()
    assert actions.named("answer") == [(choice,) for choice, _label in offered]


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


def test_buttons_that_leave_a_notice_no_room_stand_below_it(window: Body, root: tk.Tk) -> None:
    root.geometry("932x700")
    text = "4 files of /data/run7 will be measured into run7.csv; the beam is fitted in each."
    choices = (("a", "Start"), ("b", "Distance and tilt too"), ("c", "Another table…"))
    guide = shown(window, replace(fitted(), notice=Notice(text, "info", choices))).guide
    assert str(guide.text.cget("text")) == text
    buttons = notice_buttons(guide)
    assert all(button.winfo_rooty() >= guide.text.winfo_rooty() + guide.text.winfo_height()
               for button in buttons)
    last = buttons[-1]
    assert last.winfo_rootx() + last.winfo_width() <= guide.winfo_rootx() + guide.winfo_width()


def test_a_hint_is_below_the_tools_of_the_mask(window: Body) -> None:
    workspace = shown(window, replace(fitted(), masking=Masking("rectangle"), hint="Drag."))
    bar = workspace.stage.mask_bar
    assert workspace.guide.winfo_rooty() >= bar.winfo_rooty() + bar.winfo_height()


@pytest.mark.parametrize("width", [932, 1165])
def test_the_status_line_has_room_for_all_that_a_ring_tells(
    window: Body, root: tk.Tk, width: int
) -> None:
    root.geometry(f"{width}x700")
    status = shown(window, fitted()).status
    status.describe("x 429.05  y 621.74   I −1 (masked: detector gap)   AgBh 001 ring 1, found at "
                    "121.45 px   r 121.63 px   d 5.829 nm   2θ 0.9829°   q 1.078 nm⁻¹")
    settle(status)
    assert status.position.winfo_width() >= status.position.winfo_reqwidth()
    assert status.position.winfo_reqwidth() <= status.winfo_width()
    shown(window, replace(fitted(), busy=Busy("Looking for the rings", None)))
    assert status.cancel.winfo_viewable()
    assert status.cancel.winfo_width() >= status.cancel.winfo_reqwidth()
    end = status.cancel.winfo_rootx() + status.cancel.winfo_width()
    assert end <= status.winfo_rootx() + status.winfo_width()


@pytest.mark.parametrize("width", [932, 1165])
def test_every_number_can_be_copied_in_a_narrow_column(
    window: Body, root: tk.Tk, width: int
) -> None:
    root.geometry(f"{width}x700")
    rows = (ResultRow("Residuals, rms", "121.4613", "px", "0.0077", key="r", detail=True),
            ResultRow("Scale", "708.95", "nm·px", "0.21", key="scale", detail=True))
    side = shown(window, replace(fitted(), results=rows)).side
    side.sections["All numbers"].toggle()
    settle(side)
    end = side.column.inside.winfo_rootx() + side.column.inside.winfo_width()
    for line in side.details.lines[:2]:
        assert line.copy.winfo_rootx() + line.copy.winfo_width() <= end


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
    parts = [str(part) for part in (workspace.drawer.titles[workspace.points],
                                    workspace.points.list.tree,
                                    workspace.side.rows["calibrant"].widget)]
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
        replace(scene, verdict=Verdict("Look", "at this"), warnings=(), results=()),
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


def test_a_long_job_says_how_long_it_takes_still(
    window: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(status_bar.time, "monotonic", lambda: now)
    status = shown(window, replace(fitted(), busy=Busy("Searching", 0.0))).status
    now += 20.0
    shown(window, replace(fitted(), busy=Busy("Searching", 0.25)))
    assert str(status.text.cget("text")) == "Searching, about 1:00 min left"
    shown(window, replace(fitted(), busy=Busy("Reading", None)))
    assert str(status.text.cget("text")) == "Reading, 20 s"
    shown(window, replace(fitted(), busy=Busy("4 of 10 images", 0.4)))
    assert str(status.text.cget("text")) == "4 of 10 images, about 30 s left"


def test_a_row_of_the_folder_or_the_series_opens_its_image(
    window: Body, actions: Recorder
) -> None:
    workspace = shown(window, fitted())
    for panel, name in ((workspace.folder, "folder"), (workspace.series, "series")):
        workspace.drawer.select(panel)
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
