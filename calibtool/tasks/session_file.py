"""A session on disk: a calibration file that is also enough to do the fit again."""

import os
from dataclasses import replace

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.images import image_sha256, split_dataset
from calibtool.model.points.marked import MIN_POINTS
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.model.state.editing import set_points
from calibtool.model.state.session import Point, Session
from calibtool.tasks.calibrate import find, fit_points
from calibtool.tasks.loading import settings_from
from calibtool.tasks.opening import Opened, open_image
from calibtool.tasks.recognised import with_pattern
from calibtool.tasks.record import record


def session_record(session: Session) -> Calibration:
    """Record a session; the distance is the one entered, so that it is compared again."""
    saved = record(session)
    distance = session.settings.distance
    sources = dict(saved.sources)
    sources.pop("distance_mm", None)
    if distance.value is not None:
        sources["distance_mm"] = distance.source
    image = None if saved.image is None else os.path.abspath(saved.image)
    return replace(saved, image=image, distance_mm=distance.value, sources=sources)


def restore(calibration: Calibration) -> Opened:
    """Open the image again, with the settings as they were.

    Raises
    ------
    InputError
        The image is not there any more or is another one, or the file does not name it.
    """
    if not calibration.image:
        raise InputError(
            "This session does not say which image it belongs to: open the image and begin anew."
        )
    settings = replace(
        settings_from(calibration, Settings()),
        center_x=Quantity(calibration.fixed_center_x_px, None, USER),
        center_y=Quantity(calibration.fixed_center_y_px, None, USER),
        exposure=calibration.exposure,
    )
    opened = open_image(calibration.image, calibration.frame, settings)
    if calibration.shape not in (None, opened.image.data.shape):
        rows, columns = opened.image.data.shape
        raise InputError(
            f"{calibration.image} is not the image of this session any more: it has "
            f"{columns} × {rows} pixels."
        )
    # What the session knew stands, also where the file's header says something else.
    return replace(opened, settings=settings)


def found_again(calibration: Calibration, path: str) -> Calibration:
    """Calibration with its files looked for beside that at ``path``, where they are not in place.

    A name without a folder was true where the program was started, and folders are moved.
    """
    folder = os.path.dirname(os.path.abspath(path))
    made = calibration.exposure
    steps = tuple(replace(step, path=_found(step.path, folder)) for step in made.mask)
    exposure = replace(
        made,
        files=tuple(_found(file, folder) for file in made.files),
        mask=steps,
        dark=_found(made.dark, folder),
        flat=_found(made.flat, folder),
    )
    image = calibration.image and _found(calibration.image, folder)
    return replace(calibration, image=image, exposure=exposure)


def _found(name: str, folder: str) -> str:
    file, dataset = split_dataset(name)
    if not file or os.path.exists(file):
        return name
    for candidate in (os.path.join(folder, file), os.path.join(folder, os.path.basename(file))):
        if os.path.exists(candidate):
            return f"{candidate}::{dataset}" if dataset else candidate
    return name


def changed(calibration: Calibration) -> tuple[str, ...]:
    """What to tell the user where the image is not the file it was, else nothing."""
    if not calibration.image or not calibration.image_sha256:
        return ()
    if image_sha256(calibration.image) == calibration.image_sha256:
        return ()
    return (
        f"{calibration.image} has changed since this was saved, so the numbers may differ; "
        "compare them with the saved ones.",
    )


def restored_session(calibration: Calibration, opened: Opened) -> Session:
    """Session with image, settings and points as they were; nothing is fitted yet."""
    points = tuple(Point(p.clicked_x, p.clicked_y, p.x, p.y, p.refined) for p in calibration.points)
    return set_points(Session(image=opened.image, settings=opened.settings), points)


def replayed(session: Session) -> Session:
    """Session with its fit done again; the same image gives identical numbers.

    Raises
    ------
    NoAnswerError
        As the fit says.
    """
    if session.image is None:
        raise ValueError("a session to be fitted has an image")
    if len(session.points) >= MIN_POINTS:
        result = fit_points(session.image, session.points, session.settings)
    else:
        result = find(session.image, session.settings)
    return with_pattern(replace(session, result=result))
