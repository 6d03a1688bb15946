"""The commands of the window: menu, tool bar, keys and tooltips come from this table."""

from dataclasses import dataclass
from typing import Literal

Asks = Literal["", "open_image", "open_folder", "open_points", "open_file", "save"]


@dataclass(frozen=True)
class Command:
    """One thing the user can do.

    ``keys`` are Tk event patterns, the first is shown in the menu. ``asks`` says which file
    dialog comes first, ``save_as`` the default name of what is saved, ``{image}`` in it being
    that of the image and ``{folder}`` that of its folder. ``check`` commands show a tick when
    their name is in ``Scene.checked``. ``local`` commands are done by the view. ``short`` is the
    label where room is short; ``group`` numbers the groups of a menu and of the tool bar, which
    a line separates.
    """

    name: str
    label: str
    menu: str
    tip: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    tool_bar: bool = False
    asks: Asks = ""
    save_as: str = ""
    check: bool = False
    local: bool = False
    short: str = ""
    group: int = 0


COMMANDS: tuple[Command, ...] = (
    Command("open", "Open image…", "File", "Open a calibration image", ("<Control-o>",),
            "open", True, asks="open_image", short="Open"),
    Command("paste", "Open pasted path", "File",
            "Open the image, or load the calibration, whose path was copied elsewhere",
            ("<Control-v>",), local=True),
    Command("unset", "Unset image", "File", "Forget the calibration image", short="Unset"),
    Command("previous", "Previous image", "File", "Previous image of the folder", ("<Prior>",),
            "previous", True),
    Command("next", "Next image", "File", "Next image of the folder", ("<Next>",), "next", True),
    Command("load", "Load calibration…", "File",
            "Load settings from a calibration, .poni or calibration.info file", asks="open_file",
            group=1),
    Command("save", "Save calibration…", "File", "Save everything as a calibration file",
            ("<Control-s>",), "save", True, asks="save", save_as="{image}_calibration.json",
            group=1,
            short="Save"),
    Command("save_poni", "Save .poni beside the image", "File",
            "Save the geometry for pyFAI and Dioptas, named as the image", ("<Control-e>",),
            "export", group=2, short="Save .poni"),
    Command("export_poni", "Export .poni…", "File",
            "Save the geometry for pyFAI and Dioptas where you choose", ("<Control-E>",),
            asks="save", save_as="{image}.poni", group=2),
    Command("export_musclex", "Export calibration.info…", "File", "Save the settings for MuscleX",
            asks="save", save_as="calibration.info", group=2),
    Command("report", "Report…", "File", "One page for the logbook, PDF or PNG",
            ("<Control-r>",), "report", asks="save", save_as="{image}_report.pdf", group=2,
            short="Report"),
    Command("quit", "Quit", "File", "", ("<Control-q>",), local=True, group=3),
    Command("undo", "Undo", "Edit", "Undo the last change", ("<Control-z>",), "undo", True,
            group=2),
    Command("redo", "Redo", "Edit", "Do again what was undone",
            ("<Control-y>", "<Control-Z>"), "redo", True, group=2),
    Command("remove", "Remove point", "Edit", "Remove the selected point",
            ("<Delete>", "<BackSpace>"), "remove", group=3, short="Remove"),
    Command("next_point", "Next point", "Edit", "Select the next point", ("n",), local=True,
            group=3),
    Command("previous_point", "Previous point", "Edit", "Select the point before", ("b",),
            local=True, group=3),
    Command("copy_pyfai", "Copy as pyFAI", "Edit", "Copy the geometry as lines of a .poni file",
            local=True, group=4),
    Command("copy_fit2d", "Copy as Fit2D", "Edit", "Copy the centre and distance as Fit2D has them",
            local=True, group=4),
    Command("copy_musclex", "Copy as MuscleX", "Edit", "Copy the settings as MuscleX has them",
            local=True, group=4),
    Command("copy_plain", "Copy as text", "Edit", "Copy the results as plain text",
            ("<Control-c>",), "copy", local=True, group=4, short="Copy"),
    Command("calibration_image", "Setting by calibration image", "Calibrate",
            "Find the centre and the scale from the ring of this image", check=True),
    Command("find", "Find ring", "Calibrate", "Find the ring by itself", ("<F5>",), "find-ring",
            True, short="Find ring", group=3),
    Command("pick", "Set manual calibration by point selections", "Calibrate",
            "Click points on the ring: first on the image, then exactly in the magnifier",
            ("<F6>", "p"), "select-points", True, check=True, short="Points", group=3),
    Command("fit", "Refit", "Calibrate", "Fit the circle to the points, then to the whole ring",
            ("<F7>", "f"), "fit", True, short="Refit", group=3),
    Command("one_click", "One click to a point", "Calibrate",
            "Take the point from the image at once, without the second click in the magnifier",
            ("o",), check=True, group=3, short="One click"),
    Command("place", "Place point at the pointer", "Calibrate",
            "What a click would do, by key; Alt with arrows moves the pointer",
            ("a", "<Insert>"), local=True, group=3),
    Command("next_place", "Go to the next place on the ring", "Calibrate",
            "Move the pointer to where one more point would help most", ("g",), local=True,
            group=3),
    Command("done", "Done", "Calibrate", "End the selection and fit", ("<Return>",), "done",
            group=3),
    Command("cancel_picking", "Cancel selection", "Calibrate",
            "End the selection and restore what was before", short="Cancel", group=3),
    Command("reset", "Reset points", "Calibrate", "Remove all points", (), "reset", group=3,
            short="Reset"),
    Command("step_back", "Step back", "Calibrate", "Leave the present step", ("<Escape>",),
            group=3),
    Command("load_points", "Load points…", "Calibrate", "Load points from CSV or .npt",
            asks="open_points", group=4, short="Load…"),
    Command("save_points", "Save points…", "Calibrate", "Save the points as CSV or .npt",
            asks="save", save_as="{image}_points.csv", group=4, short="Save…"),
    Command("save_history", "Save optimisation history beside the image", "Calibrate",
            "All iterations of all starts as CSV, named as the image", ("<Control-h>",),
            group=4, short="Save CSV"),
    Command("export_history", "Export optimisation history…", "Calibrate",
            "All iterations of all starts as CSV", (), "export", asks="save",
            save_as="{image}_history.csv", group=4, short="Export CSV…"),
    Command("measure", "Measure", "Calibrate",
            "Distance from the beam centre in px and d in nm, spacing of a pair of reflections",
            ("m",), "measure", True, check=True, group=5, short="Measure"),
    Command("apply", "OK", "Calibrate", "Use this calibration: redraw the image with it",
            ("<Control-Return>",), "done", group=6),
    Command("revert", "Cancel", "Calibrate", "Restore the calibration in use", (), "cancel",
            group=6),
    Command("process_folder", "Process current folder…", "Series",
            "Every image of the folder with the current calibration", ("<F8>",), "batch", True,
            short="Process…", group=6),
    Command("process_folder_as", "Process current folder into…", "Series",
            "The same into a table of your choice", asks="save", save_as="{folder}_series.csv",
            group=6),
    Command("follow", "Follow folder", "Series",
            "Take each new image as the instrument writes it", (), check=True, short="Follow"),
    Command("stop", "Stop", "Series", "Stop the running job", ("<Control-period>",), "cancel",
            group=1),
    Command("zoom_fit", "Fit image to window", "View", "Show the whole image",
            ("<Home>", "<Key-0>"), "fit-view", True, local=True, group=7),
    Command("zoom_in", "Zoom in", "View", "Zoom into the image",
            ("<Control-plus>", "<Control-equal>"), "zoom-in", True, local=True, group=7),
    Command("zoom_out", "Zoom out", "View", "Zoom out of the image", ("<Control-minus>",),
            "zoom-out", True, local=True, group=7),
    Command("zoom_one", "Actual pixels", "View", "One pixel of the image for one of the screen",
            ("<Key-1>",), local=True, group=7),
    Command("lens_in", "Magnifier closer", "View", "Magnify more", ("<plus>", "<equal>"),
            local=True, group=8),
    Command("lens_out", "Magnifier wider", "View", "Magnify less", ("<minus>",), local=True,
            group=8),
    Command("show_mask", "Tint masked pixels", "View", "Show which pixels are left out", (),
            check=True, group=9),
    Command("corner_pixels", "Count from the pixel's corner", "View",
            "Show positions as pyFAI and Fit2D do, 0.5 more; what is saved stays the same", ("c",),
            check=True, group=9),
    Command("dark", "Dark theme", "View", "Light text on a dark ground", (), check=True, group=9),
    Command("help", "Five minutes of use", "Help", "How to calibrate, and all keys", ("<F1>",),
            "help", local=True),
    Command("about", "About calibtool", "Help", "", local=True),
)

BY_NAME: dict[str, Command] = {command.name: command for command in COMMANDS}
