"""Commands on files: open, save, load, export, copy."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from calibtool.controller import jobs, masking, series
from calibtool.controller.desk import Desk
from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.images import split_dataset
from calibtool.io.raw_dump import parse_layout, remember_layout
from calibtool.model.state import editing
from calibtool.model.state.session import Point, Session
from calibtool.tasks.export import refusal, write_as
from calibtool.tasks.exposing import exposure_over
from calibtool.tasks.loading import with_calibration
from calibtool.tasks.record import record
from calibtool.tasks.session_file import found_again

PathCommand = Callable[[Desk, str], None]


def open_path(c: Desk, path: str, frame: int = 0) -> None:
    """Open an image and look for its ring."""
    c.forget_jobs("fit")
    c.start("open", jobs.opening(path, frame, c.session))


def open_raw(c: Desk, text: str) -> None:
    """Open a dump of pixels, ``file::layout``, and remember the layout for files of its size."""
    path, _, layout = text.rpartition("::")
    remember_layout(path, parse_layout(layout))
    open_path(c, path)


def open_neighbour(c: Desk, step: int) -> None:
    """Open the next or previous frame, or image of the folder."""
    image = c.session.image
    if image is None:
        return
    if 0 <= image.frame + step < image.n_frames:
        open_path(c, image.path, image.frame + step)
        return
    paths = c.state.folder
    if image.path in paths and 0 <= paths.index(image.path) + step < len(paths):
        open_path(c, paths[paths.index(image.path) + step])
        return
    side = "last" if step > 0 else "first"
    c.update(c.state.say(f"This is the {side} image of the folder."))


def open_row(c: Desk, table: str, row: int) -> None:
    """Open the image of a row."""
    if table == "folder" and 0 <= row < len(c.state.folder):
        open_path(c, c.state.folder[row])
    elif table == "series" and 0 <= row < len(c.state.series.rows):
        name, frame = c.state.series.rows[row][:2]
        beside = {os.path.basename(path): path for path in c.state.folder}
        if name in beside:
            open_path(c, beside[name], int(frame))


def copy_text(session: Session, name: str) -> str:
    """Return text for the clipboard, empty where there is no result yet; or the versions."""
    if name == "versions":
        from calibtool.io.versions import versions

        return versions()
    from calibtool.io.copy_as import copy_as

    return copy_as(record(session), name) if session.result is not None else ""


def exporting(kind: str, what: str) -> PathCommand:
    """Return the command that writes a file; the file dialog has asked about overwriting."""

    def command(c: Desk, path: str) -> None:
        spare_images(c, path)
        _write(c, kind, what, path)

    return command


def _write(c: Desk, kind: str, what: str, path: str) -> None:
    write_as(kind, c.session, path, force=True)
    c.update(replace(c.state, saved=c.session).say(f"{what} saved: {path}"))


@dataclass(frozen=True)
class Beside:
    """A file written beside the image, named as it; ``ask`` is the command with a dialog."""

    kind: str
    what: str
    ending: str
    ask: str


BESIDE = {
    "save_poni": Beside("poni", ".poni", ".poni", "export_poni"),
    "save_history": Beside("history", "Optimisation history", "_history.csv", "export_history"),
}


def saving(name: str) -> Callable[[Desk], None]:
    """Return the command that writes a file beside the image; what is there is not replaced."""
    file = BESIDE[name]

    def command(c: Desk) -> None:
        reason = refusal(name, c.session)
        if reason:
            raise InputError(reason)
        path = beside_image(c, file.ending)
        if not os.path.exists(path):
            _write(c, file.kind, file.what, path)
            return
        c.update(
            c.state.say(
                f"{os.path.basename(path)} exists already beside the image.",
                "warning",
                (f"replace:{name}", "Replace"),
                (f"run:{file.ask}", "Another name…"),
                ("dismiss", "Cancel"),
            )
        )

    return command


def replace_beside(c: Desk, name: str) -> None:
    """Write over the file beside the image, as the user has decided."""
    file = BESIDE[name]
    _write(c, file.kind, file.what, beside_image(c, file.ending))


def beside_image(c: Desk, ending: str) -> str:
    """Path of a file named as the image, in its folder."""
    return os.path.join(c.scene.directory, f"{c.scene.stem}{ending}")


def spare_images(c: Desk, path: str) -> None:
    """Refuse to write over an image, whatever the file dialog was told.

    Raises
    ------
    InputError
        The file is the image shown or one of its folder.
    """
    image = c.session.image
    own = () if image is None else (split_dataset(image.path)[0],)
    if os.path.realpath(path) in map(os.path.realpath, (*own, *c.state.folder)):
        raise InputError(f"{path} is an image and was not overwritten; choose another name.")


def process_folder_as(c: Desk, path: str) -> None:
    """Offer to measure every image of the folder into a table."""
    spare_images(c, path)
    series.propose(c, path)


def process_folder(c: Desk) -> None:
    """Offer to measure every image of the folder into a table that lies there too."""
    folder = c.scene.directory
    series.propose(c, os.path.join(folder, f"{os.path.basename(folder)}_series.csv"))


def load(c: Desk, path: str) -> None:
    """Take settings, and the points of the same image, from a file."""
    image = c.session.image
    calibration = found_again(Calibration.load(path), path)
    if image is not None and calibration.orientation is not None:
        calibration = calibration.on_image(image.data.shape)
    c.push(with_calibration(c.session, calibration))
    c.update(c.state.say(f"Settings taken from {path}"))
    masking.use(c, exposure_over(calibration.exposure, c.session.settings.exposure))


def load_points(c: Desk, path: str) -> None:
    """Replace the points by those of a file."""
    from calibtool.io.points_file import read_points

    points = tuple(Point(x, y, x, y) for x, y in read_points(path).tolist())
    c.push(editing.set_points(editing.start_picking(c.session), points))


COMMANDS: dict[str, PathCommand] = {
    **masking.PATH_COMMANDS,
    "open": open_path,
    "save": exporting("output", "Calibration"),
    "export_poni": exporting("poni", ".poni"),
    "export_musclex": exporting("musclex", "calibration.info"),
    "export_history": exporting("history", "Optimisation history"),
    "report": exporting("figure", "Report"),
    "save_points": exporting("points", "Points"),
    "load": load,
    "open_raw": open_raw,
    "follow_address": series.follow_address,
    "load_points": load_points,
    "process_folder_as": process_folder_as,
}
