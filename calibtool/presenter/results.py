"""The results: each number with σ and source."""

import math

from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.results import Moved, RingFit
from calibtool.model.scale import scale_from_parameters_nm_px
from calibtool.model.settings import DEFAULT, Settings
from calibtool.model.state.consistency import fitted_distance_mm
from calibtool.model.state.session import Result, Session
from calibtool.model.state.verdict import scale_with_sigma
from calibtool.presenter.exposures import exposure_rows
from calibtool.presenter.texts import plain, with_sigma
from calibtool.scene import ResultRow

TIP = (
    "pyFAI and Fit2D count from the corner of the first pixel: add 0.5 to compare. "
    "calibtool counts from its centre."
)


SCALE_TIP = "d-spacing × radius, as MuscleX has it; its σ includes that of the d-spacing"
TILT_TIP = "Angle between the beam and the normal of the detector; the azimuth is that of the lean"
NO_TILT_TIP = "These rings do not measure it; the warning says how far it would move the beam"
MOVED_TIP = "From where the calibration has it that the fit started from, at the same tilt"
ENTERED_TIP = "The distance entered, and how far it is from the one of the rings"
BRAGG_TIP = "From the rings, wavelength and pixel size: R·p = S_dd·tan 2θ with λ = 2 d sin θ"


def rows(session: Session) -> tuple[ResultRow, ...]:
    """Return the lines of the results panel, none before there is a result."""
    result, settings = session.result, session.settings
    if result is None:
        return ()
    return (
        *_beam_rows(result),
        *_moved_rows(result.moved),
        *_scale_rows(result, settings),
        *_tilt_rows(result.pattern),
        *_ring_rows(result, settings),
        *exposure_rows(settings.exposure),
    )


def _beam_rows(result: Result) -> list[ResultRow]:
    (x, y), (sigma_x, sigma_y) = result.beam, result.sigma_beam
    source = "fixed" if result.center_source == "fixed" else _source(result)
    return [
        ResultRow("Beam x", with_sigma(x, sigma_x, "px"), source, TIP),
        ResultRow("Beam y", with_sigma(y, sigma_y, "px"), source, TIP),
        ResultRow("As pyFAI, Fit2D", f"{x + 0.5:.3f}, {y + 0.5:.3f} px", "+0.5", TIP),
    ]


def _tilt_rows(pattern: PatternFit | None) -> list[ResultRow]:
    if pattern is None:
        return []
    if pattern.tilt_deg is None:
        return [ResultRow("Tilt", "not measured", "held at 0°", NO_TILT_TIP)]
    azimuth = math.degrees(math.atan2(pattern.beam_direction[1], pattern.beam_direction[0]))
    value = with_sigma(pattern.tilt_deg, pattern.sigma_tilt_deg or math.nan, "°")
    return [ResultRow("Tilt", value, f"towards {azimuth:.0f}°".replace("-", "−"), TILT_TIP)]


def _moved_rows(moved: Moved | None) -> list[ResultRow]:
    """How far the beam is from the calibration that the fit started from."""
    if moved is None:
        return []
    text = f"{moved.dx_px:+.3f}, {moved.dy_px:+.3f} px".replace("-", "−")
    sigma = "within σ" if moved.n_sigma <= 1.0 else f"{moved.n_sigma:.1f} σ"
    return [ResultRow("Beam moved by", text, sigma, MOVED_TIP)]


def _ring_rows(result: Result, settings: Settings) -> list[ResultRow]:
    """The ring that is shown, and the points that led to it."""
    fit = result.best
    rows = []
    if result.pattern is not None and settings.ring is not None and settings.calibrant:
        guessed = settings.ring_source.startswith(DEFAULT)
        certain = "to be checked" if guessed else "certain"
        name = f"{settings.calibrant} {settings.ring}"
        rows.append(ResultRow("Ring", name, certain, settings.ring_source))
    rows.append(ResultRow("Radius", with_sigma(fit.radius_px, fit.sigma_radius_px, "px"), "ring"))
    rows.append(ResultRow("Residuals (rms)", f"{fit.rms_residual_px:.3f} px"))
    if isinstance(fit, RingFit):
        width = with_sigma(fit.width_px, fit.sigma_width_px, "px")
        rows.append(ResultRow("Ring width (σ)", width, "ring"))
        rows.append(ResultRow("Coverage", f"{100 * fit.coverage:.0f} %"))
    if result.circle is not None:
        inliers = result.circle.inliers
        outliers = ", ".join(str(n) for n, ok in enumerate(inliers, 1) if not ok)
        text = f"{int(inliers.sum())} of {len(inliers)}"
        text += f", set aside: {outliers}" if outliers else ""
        rows.append(ResultRow("Points used", text))
    return rows


def _scale_rows(result: Result, settings: Settings) -> list[ResultRow]:
    rows = []
    fitted, pattern = fitted_distance_mm(result, settings), result.pattern
    if fitted is not None:
        sigma = None if pattern is None else pattern.sigma_distance_mm
        value = f"{plain(fitted)} mm" if sigma is None else with_sigma(fitted, sigma, "mm")
        rows.append(ResultRow("Distance", value, "along the beam", BRAGG_TIP))
    entered = settings.distance.value
    if fitted is not None and entered is not None and abs(fitted / entered - 1.0) > 1e-4:
        text = f"{100 * (entered / fitted - 1.0):+.2f} %".replace("-", "−")
        value = f"{plain(entered)} mm, {text}"
        rows.append(ResultRow("Entered S_dd", value, "against the rings'", ENTERED_TIP))
    scale = scale_with_sigma(result, settings)
    if scale is not None:
        rows.append(ResultRow("Scale d·R", with_sigma(*scale, "nm·px"), "d × R", SCALE_TIP))
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
        return f"{len(result.pattern.rings)} rings"
    return "ring fit" if result.ring is not None else "point fit"
