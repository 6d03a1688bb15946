"""Take settings and points from a calibration that was read from a file."""

from contextlib import suppress
from dataclasses import replace

from calibtool.errors import InputError
from calibtool.instruments.calibrants import find_calibrant
from calibtool.io.calibration import Calibration
from calibtool.model.settings import DEFAULT, FitOptions, Quantity, Settings
from calibtool.model.state.editing import set_points
from calibtool.model.state.session import Point, Session
from calibtool.tasks.entering import choose_calibrant, with_lines, without_calibrant


def settings_from(calibration: Calibration, base: Settings) -> Settings:
    """Return ``base`` with everything the calibration knows in place."""
    settings = _with_calibrant(calibration, base)

    def quantity(name: str, have: Quantity) -> Quantity:
        value = getattr(calibration, name)
        if value is None:
            return have
        return Quantity(value, None, calibration.sources.get(name, "calibration file"))

    x, y = calibration.fixed_center_x_px, calibration.fixed_center_y_px
    source = "calibration file"
    taken = bool(calibration.detector) or not settings.detector
    known = calibration.sources.get("detector", settings.detector_source)
    return replace(
        settings,
        wavelength=quantity("wavelength_nm", settings.wavelength),
        distance=quantity("distance_mm", settings.distance),
        pixel_size=quantity("pixel_size_mm", settings.pixel_size),
        detector=calibration.detector or settings.detector,
        detector_source=known if taken else settings.detector_source,
        fixed_center=calibration.fixed_center and x is not None and y is not None,
        center_x=Quantity(x if x is not None else calibration.center_x_px, None, source),
        center_y=Quantity(y if y is not None else calibration.center_y_px, None, source),
        s10_px=calibration.s10_px,
        options=_options(calibration, settings.options),
    )


def with_calibration(session: Session, calibration: Calibration) -> Session:
    """Session with the settings of a calibration and, on the same image size, its points."""
    settings = settings_from(calibration, session.settings)
    session = replace(session, settings=settings)
    image = session.image
    if not calibration.points or image is None or calibration.shape != image.data.shape:
        return session
    points = tuple(
        Point(p.clicked_x, p.clicked_y, p.x, p.y, p.refined) for p in calibration.points
    )
    return set_points(session, points)


def _with_calibrant(calibration: Calibration, base: Settings) -> Settings:
    d = calibration.d_spacing_nm
    if d is None:
        return _with_calibrant_named(calibration.calibrant, base)
    source = calibration.sources.get("d_spacing_nm", "calibration file")
    named = calibration.sources.get("calibrant", "calibration file")
    quantity = Quantity(d, calibration.sigma_d_spacing_nm, source)
    if calibration.calibrant is None or calibration.ring is None:
        return without_calibrant(base, quantity)
    try:
        known = find_calibrant(calibration.calibrant)
    except InputError:
        return without_calibrant(base, quantity)
    return replace(
        with_lines(base, known, named),
        ring=calibration.ring,
        ring_source=calibration.sources.get("ring", DEFAULT),
        d_spacing=quantity,
    )


def _with_calibrant_named(name: str | None, base: Settings) -> Settings:
    """Settings with the calibrant that a file names beside its geometry, if it is known here."""
    with suppress(InputError):
        return base if name is None else choose_calibrant(base, name, source="calibration file")
    return base


def _options(calibration: Calibration, base: FitOptions) -> FitOptions:
    known = {k: v for k, v in calibration.options.items() if k in FitOptions.__dataclass_fields__}
    return replace(base, **known)
