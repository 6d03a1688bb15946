"""The commands of the window: menu, tool bar, keys and tooltips come from this table."""

from dataclasses import dataclass
from typing import Literal

Asks = Literal["", "open_image", "open_folder", "open_points", "open_file", "save"]


@dataclass(frozen=True)
class Command:
    """One thing the user can do.

    ``keys`` are Tk event patterns, the first is shown in the menu. ``asks`` says which file
    dialog comes first, ``save_as`` the default name of what is saved. ``check`` commands show
    a tick when their name is in ``Scene.checked``. ``local`` commands are done by the view.
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


COMMANDS: tuple[Command, ...] = (
    Command("open", "Open image…", "File", "Open a calibration image", ("<Control-o>",),
            "open", True, asks="open_image"),
    Command("unset", "Unset image", "File", "Forget the calibration image"),
    Command("previous", "Previous image", "File", "Previous image of the folder", ("<Prior>",),
            "previous", True),
    Command("next", "Next image", "File", "Next image of the folder", ("<Next>",), "next", True),
    Command("save", "Save calibration…", "File", "Save everything as a calibration file",
            ("<Control-s>",), "save", True, asks="save", save_as="calibration.json"),
    Command("load", "Load calibration…", "File",
            "Load settings from a calibration, .poni or calibration.info file", asks="open_file"),
    Command("export_poni", "Export .poni…", "File", "For pyFAI and Dioptas",
            asks="save", save_as="calibration.poni"),
    Command("export_musclex", "Export calibration.info…", "File", "For MuscleX",
            asks="save", save_as="calibration.info"),
    Command("report", "Report…", "File", "One page for the logbook, PDF or PNG",
            ("<Control-r>",), "report", asks="save", save_as="report.pdf"),
    Command("quit", "Quit", "File", "", ("<Control-q>",), local=True),
    Command("undo", "Undo", "Edit", "Undo the last change", ("<Control-z>",), "undo", True),
    Command("redo", "Redo", "Edit", "Do again what was undone",
            ("<Control-y>", "<Control-Z>"), "redo", True),
    Command("remove", "Remove point", "Edit", "Remove the selected point",
            ("<Delete>", "<BackSpace>"), "remove"),
    Command("copy_pyfai", "Copy as pyFAI", "Edit", local=True),
    Command("copy_fit2d", "Copy as Fit2D", "Edit", local=True),
    Command("copy_musclex", "Copy as MuscleX", "Edit", local=True),
    Command("copy_plain", "Copy as text", "Edit", "", ("<Control-c>",), local=True),
    Command("calibration_image", "Setting by calibration image", "Calibrate",
            "Find the centre and the scale from the ring of this image", check=True),
    Command("find", "Find ring", "Calibrate", "Find the ring by itself", ("<F5>",), "find", True),
    Command("pick", "Set manual calibration by point selections", "Calibrate",
            "Click points on the ring: first on the image, then exactly in the magnifier",
            ("<F6>", "p"), "points", True, check=True),
    Command("one_click", "One click to a point", "Calibrate",
            "Take the point from the image at once, without the second click in the magnifier",
            ("o",), check=True),
    Command("fit", "Refit", "Calibrate", "Fit the circle to the points, then to the whole ring",
            ("<F7>", "f"), "fit", True),
    Command("done", "Done", "Calibrate", "End the selection and fit", ("<Return>",), "done"),
    Command("cancel_picking", "Cancel selection", "Calibrate",
            "End the selection and restore what was before"),
    Command("reset", "Reset points", "Calibrate", "Remove all points", (), "reset"),
    Command("apply", "OK", "Calibrate", "Use this calibration: redraw the image with it",
            ("<Control-Return>",), "done"),
    Command("revert", "Cancel", "Calibrate", "Restore the calibration in use", (), "cancel"),
    Command("load_points", "Load points…", "Calibrate", "From CSV or .npt", asks="open_points"),
    Command("save_points", "Save points…", "Calibrate", "As CSV or .npt",
            asks="save", save_as="points.csv"),
    Command("export_history", "Export optimisation history…", "Calibrate",
            "All iterations of all starts as CSV", asks="save", save_as="history.csv"),
    Command("geometry", "Refine tilt with pyFAI", "Calibrate",
            "Distance, centre and tilt from two or more rings"),
    Command("measure", "Measure", "Calibrate",
            "Distance from the beam centre in px and d in nm, spacing of a pair of reflections",
            ("m",), "measure", True, check=True),
    Command("process_folder", "Process current folder…", "Series",
            "Every image of the folder with the current calibration", ("<F8>",), "batch", True,
            asks="save", save_as="series.csv"),
    Command("follow", "Follow folder", "Series",
            "Take each new image as the instrument writes it", (), check=True),
    Command("stop", "Stop", "Series", "Stop the running job", ("<Control-period>",), "cancel"),
    Command("step_back", "Step back", "Calibrate", "Leave the present step", ("<Escape>",)),
    Command("zoom_fit", "Fit image to window", "View", "", ("<Home>", "<Key-0>"), "zoom-fit",
            True, local=True),
    Command("zoom_in", "Zoom in", "View", "", ("<Control-plus>", "<Control-equal>"), "zoom-in",
            local=True),
    Command("zoom_out", "Zoom out", "View", "", ("<Control-minus>",), "zoom-out", local=True),
    Command("zoom_one", "Actual pixels", "View", "", ("<Key-1>",), local=True),
    Command("lens_in", "Magnifier closer", "View", "", ("<plus>", "<equal>"), local=True),
    Command("lens_out", "Magnifier wider", "View", "", ("<minus>",), local=True),
    Command("show_mask", "Tint masked pixels", "View", "", (), check=True),
    Command("dark", "Dark theme", "View", "", (), check=True),
    Command("help", "Five minutes of use", "Help", "", ("<F1>",), local=True),
    Command("about", "About calibtool", "Help", "", local=True),
)
