"""The results: each number with σ and source, the chief ones first."""

import math
import os

from calibtool.model.results import Moved, RingFit
from calibtool.model.scale import scale_from_parameters_nm_px
from calibtool.model.settings import DEFAULT, Settings
from calibtool.model.state.consistency import fitted_distance_mm
from calibtool.model.state.session import Result, Session
from calibtool.model.state.verdict import scale_with_sigma
from calibtool.presenter.exposures import exposure_rows
from calibtool.presenter.marks import is_unknown
from calibtool.presenter.texts import plain, with_sigma
from calibtool.scene import ResultRow

TIP = (
    "Counted from the centre of the first pixel. pyFAI and Fit2D count from its corner, which is "
    "0.5 more: press C to show that."
)
CORNER_TIP = (
    "Counted from the corner of the first pixel, as in pyFAI and Fit2D. Press C to count from its "
    "centre."
)
CORNER_PX = 0.5
SCALE_TIP = "d-spacing × radius, as MuscleX has it; its σ includes that of the d-spacing"
NOT_MEASURED = "not measured"
TILT_TIP = "Angle between the beam and the normal of the detector"
NO_TILT_TIP = "These rings do not measure it; the warning says how far it would move the beam"
MOVED_TIP = "From where the calibration has it that the fit started from, at the same tilt"
ENTERED_TIP = "The distance entered, and how far it is from the one of the rings"
BRAGG_TIP = "Along the beam, from the rings: R·p = L·tan 2θ with λ = 2 d sin θ"
CHIEF = (
    ("Beam x", "beam_x"), ("Beam y", "beam_y"), ("Distance", "distance"), ("Tilt", "tilt"),
    ("Rings", "rings"),
)  # fmt: skip


def rows(session: Session, *, corner: bool = False) -> tuple[ResultRow, ...]:
    """Return the numbers of the result, the chief ones first.

    Those are the same whatever there is, with no value where it is not known. ``corner``:
    positions are counted from the corner of the first pixel.
    """
    result, settings = session.result, session.settings
    if result is None:
        return tuple(ResultRow(name, "", key=key) for name, key in CHIEF)
    return (
        *_beam_rows(result, corner),
        _length_row(result, settings),
        _tilt_row(result),
        _rings_row(result, settings),
        *_moved_rows(result.moved),
        *_lean_rows(result),
        *_scale_rows(result, settings),
        *_ring_rows(result),
        *exposure_rows(settings.exposure),
    )


def _row(
    name: str, value: float, sigma: float | None, unit: str, source: str, key: str, tip: str = "",
    *, detail: bool = False,
) -> ResultRow:
    number, spread = with_sigma(value, sigma)
    number = number.replace("-", "−")
    return ResultRow(name, number, unit, spread, source, key, tip, detail)


def _beam_rows(result: Result, corner: bool) -> list[ResultRow]:
    source = "fixed" if result.center_source == "fixed" else _source(result)
    shift, tip = (CORNER_PX, CORNER_TIP) if corner else (0.0, TIP)
    return [
        _row(name, at + shift, sigma, "px", source, key, tip)
        for (name, key), at, sigma in zip(CHIEF[:2], result.beam, result.sigma_beam, strict=True)
    ]


def _length_row(result: Result, settings: Settings) -> ResultRow:
    """Distance, or the scale where the wavelength or the pixel size is not known."""
    fitted, pattern = fitted_distance_mm(result, settings), result.pattern
    if fitted is not None:
        sigma = None if pattern is None else pattern.sigma_distance_mm
        return _row("Distance", fitted, sigma, "mm", _source(result), "distance", BRAGG_TIP)
    scale = scale_with_sigma(result, settings)
    if scale is None:
        return ResultRow("Distance", "", key="distance")
    return _row("Scale", *scale, "nm·px", _source(result), "scale", SCALE_TIP)


def _tilt_row(result: Result) -> ResultRow:
    pattern = result.pattern
    if pattern is None or pattern.tilt_deg is None:
        return ResultRow("Tilt", NOT_MEASURED, key="tilt", tip=NO_TILT_TIP)
    return _row(
        "Tilt", pattern.tilt_deg, pattern.sigma_tilt_deg, "°", _source(result), "tilt", TILT_TIP
    )


def _rings_row(result: Result, settings: Settings) -> ResultRow:
    """Whose rings carry the numbers, how many they are, and whether that is certain."""
    number = 1 if result.pattern is None else len(result.pattern.rings)
    count = f"{number} ring" if number == 1 else f"{number} rings"
    if settings.ring is None or not settings.calibrant:
        return ResultRow("Rings", count, key="rings")
    if is_unknown(result, settings):
        return ResultRow("Rings", f"{count}, calibrant unknown", key="rings")
    sure = "to be checked" if settings.ring_source.startswith(DEFAULT) else "certain"
    # One of the user's own is named by the place of its file.
    name = os.path.basename(settings.calibrant)
    return ResultRow("Rings", f"{name}, {count}, {sure}", key="rings",
                     tip=settings.ring_source)


def _moved_rows(moved: Moved | None) -> list[ResultRow]:
    """How far the beam is from the calibration that the fit started from."""
    if moved is None:
        return []
    text = f"{moved.dx_px:+.3f}, {moved.dy_px:+.3f}".replace("-", "−")
    sigma = "within σ" if moved.n_sigma <= 1.0 else f"{moved.n_sigma:.1f} σ"
    return [ResultRow("Beam moved by", text, "px", source=sigma, key="moved", tip=MOVED_TIP,
                      detail=True)]


def _lean_rows(result: Result) -> list[ResultRow]:
    pattern = result.pattern
    if pattern is None or pattern.tilt_deg is None:
        return []
    azimuth = math.degrees(math.atan2(pattern.beam_direction[1], pattern.beam_direction[0]))
    return [ResultRow("Tilted towards", f"{azimuth:.0f}".replace("-", "−"), "°",
                      source=_source(result), key="tilt_azimuth",
                      tip="0° is to the right in the image, 90° down", detail=True)]


def _scale_rows(result: Result, settings: Settings) -> list[ResultRow]:
    """The scale where the distance stands above it, and how far the entered distance is off."""
    fitted, entered = fitted_distance_mm(result, settings), settings.distance.value
    rows = []
    scale = scale_with_sigma(result, settings)
    if scale is not None and fitted is not None:
        rows.append(_row("Scale", *scale, "nm·px", _source(result), "scale", SCALE_TIP,
                         detail=True))
    if fitted is not None and entered is not None and abs(fitted / entered - 1.0) > 1e-4:
        off = f"{100 * (entered / fitted - 1.0):+.2f} % off".replace("-", "−")
        rows.append(ResultRow("Entered distance", plain(entered), "mm", source=off,
                              key="distance_entered", tip=ENTERED_TIP, detail=True))
    return rows


def _ring_rows(result: Result) -> list[ResultRow]:
    """The ring that is shown, and the points that led to it."""
    fit = result.best
    rows = [
        _row("Radius", fit.radius_px, fit.sigma_radius_px, "px", "ring", "radius", detail=True),
        ResultRow("Residuals, rms", f"{fit.rms_residual_px:.3f}", "px", key="rms", detail=True),
    ]
    if isinstance(fit, RingFit):
        rows.append(_row("Ring width, σ", fit.width_px, fit.sigma_width_px, "px", "ring", "width",
                         detail=True))
        rows.append(ResultRow("Ring seen", f"{100 * fit.coverage:.0f}", "%",
                              key="coverage", detail=True))
    if result.circle is not None:
        inliers = result.circle.inliers
        outliers = ", ".join(str(n) for n, ok in enumerate(inliers, 1) if not ok)
        text = f"{int(inliers.sum())} of {len(inliers)}"
        text += f", set aside: {outliers}" if outliers else ""
        rows.append(ResultRow("Points used", text, key="points", detail=True))
    return rows


def parameter_scale_nm_px(settings: Settings) -> float | None:
    """Small-angle scale λ·S_dd/p in nm·px from the parameters, where all are known."""
    wavelength, distance, pixel = (
        settings.wavelength.value,
        settings.distance.value,
        settings.pixel_size.value,
    )
    if wavelength is None or distance is None or pixel is None:
        return None
    return scale_from_parameters_nm_px(
        wavelength_nm=wavelength, distance_mm=distance, pixel_size_mm=pixel
    )


def _source(result: Result) -> str:
    if result.pattern is not None and len(result.pattern.rings) > 1:
        return "rings"
    return "ring" if result.ring is not None else "points"
