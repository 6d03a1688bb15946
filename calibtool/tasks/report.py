"""The report of a session: what the window shows, on a page for the logbook."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from calibtool import __version__
from calibtool.errors import CalibtoolError, InputError
from calibtool.io.images import image_sha256
from calibtool.io.report import write_report
from calibtool.io.report_content import Origin, ReportContent, printable
from calibtool.model.circle import Circle, CircleLike, reach_px
from calibtool.model.image import Image
from calibtool.model.rings.profiles import radial_profile
from calibtool.model.state.session import Session
from calibtool.presenter import new_state, present
from calibtool.presenter.exposures import masked_rows
from calibtool.presenter.marks import predicted_radii
from calibtool.scene import Field, ResultRow, Scene
from calibtool.tasks.drift import drift_content
from calibtool.tasks.series_row import SeriesRow

SETTINGS = (
    ("calibrant", "Calibrant"),
    ("d_spacing", "d-spacing"),
    ("wavelength", "Wavelength"),
    ("energy", "Energy"),
    ("distance", "Distance"),
    ("pixel_size", "Pixel size"),
    ("detector", "Detector"),
)


def save_report(
    session: Session, path: str, *, series: Sequence[SeriesRow] = (), force: bool = False
) -> None:
    """Write the report of a session, with the drift of a series where there is one.

    Raises
    ------
    InputError
        There is no result yet, or the file cannot be written.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    write_report(path, report_content(session, now, series), force=force)


def report_content(
    session: Session, date: str, series: Sequence[SeriesRow] = ()
) -> ReportContent:
    """Everything on the page.

    Parameters
    ----------
    session : Session
        With an image and a result.
    date : str
        When the report is made, as printed.
    series : sequence of SeriesRow
        Table of a series, for its drift.

    Raises
    ------
    InputError
        There is no image or no result.
    """
    image, result = session.image, session.result
    if image is None or result is None:
        raise InputError("There is nothing to report yet: open an image and fit its ring first.")
    scene = present(new_state().restart(session))
    best = result.best
    center, reach = (best.center_x_px, best.center_y_px), reach_px(image.data.shape, best)
    profile = radial_profile(image.data, image.mask, center, 0.0, reach)
    content = ReportContent(
        origin=_origin(image, date),
        data=image.data,
        mask=image.mask,
        circle=Circle(best.center_x_px, best.center_y_px, best.radius_px),
        orders=tuple(mark for mark in scene.rings if mark.role == "order"),
        points=scene.points,
        convergence=scene.convergence,
        profile_radius_px=profile.radius_px,
        profile_intensity=profile.intensity,
        rings=_rings(session, best),
        rows=(*(row for row in scene.results if row.value), *masked_rows(image), *_settings(scene)),
        verdict=f"{scene.verdict.words}: {scene.verdict.numbers}.",
        level=scene.verdict.level,
        warnings=tuple(advice.explanation for advice in scene.warnings),
        drift=drift_content(series, "", date) if series else None,
    )
    if result.ring is None:
        return content
    return replace(
        content,
        sector_azimuth_deg=np.degrees(result.ring.sector_azimuth_rad),
        sector_residual_px=result.ring.sector_residual_px,
        sector_sigma_px=result.ring.sector_sigma_px,
    )


def _origin(image: Image, date: str) -> Origin:
    height, width = image.data.shape
    frame = f", frame {image.frame + 1} of {image.n_frames}" if image.n_frames > 1 else ""
    try:
        digest = image_sha256(image.path)
    except CalibtoolError:
        digest = "not known, the file is not there any more"
    return Origin(
        printable(os.path.basename(image.path)) or "image",
        (
            f"{printable(os.path.abspath(image.path))}{frame}, {width} × {height} pixels",
            f"SHA-256 of the file: {digest}",
            f"calibtool {__version__}, {date}; positions in index pixels (integer = pixel centre)",
        ),
    )


def _settings(scene: Scene) -> tuple[ResultRow, ...]:
    """What was used: the filled fields, with their sources."""
    rows = []
    for key, name in SETTINGS:
        field = scene.fields.get(key, Field())
        if field.text:
            doubt = "unconfirmed, " if field.unconfirmed else ""
            source = doubt + field.source
            rows.append(ResultRow(name, field.text, field.unit, source=source))
    return tuple(rows)


def _rings(session: Session, circle: CircleLike) -> tuple[tuple[str, float], ...]:
    settings = session.settings
    if settings.ring is None or not settings.d_spacings_nm:
        return (("fit", circle.radius_px),)
    pattern = None if session.result is None else session.result.pattern
    predicted = predicted_radii(circle.radius_px, settings, pattern)
    return tuple((str(number), radius) for number, radius in predicted)
