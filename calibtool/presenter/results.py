"""The results: each number with σ and source."""

from dataclasses import replace

from calibtool.model.results import Moved, RingFit
from calibtool.model.rings.joint_fit import JointFit
from calibtool.model.scale import scale_from_parameters_nm_px
from calibtool.model.settings import DEFAULT, Settings
from calibtool.model.state.consistency import fitted_distance_mm
from calibtool.model.state.session import Result, Session, Tilt
from calibtool.model.state.verdict import scale_with_sigma
from calibtool.presenter.texts import with_sigma
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
JOINT_TIP = "The one centre that fits all rings seen; they agree within their σ"
MOVED_TIP = "From where the calibration has it that the fit started from, at the same tilt"
BRAGG_TIP = "From radius, wavelength and pixel size: R·p = S_dd·tan 2θ with λ = 2 d sin θ"
TILT_TIP = "How far the detector is from standing at right angles to the beam"


def rows(session: Session, *, corner: bool = False) -> tuple[ResultRow, ...]:
    """Return the numbers of the result, the chief ones first.

    Those are the same whatever there is, with no value where it is not known. ``corner``:
    positions are counted from the corner of the first pixel.
    """
    result, settings = session.result, session.settings
    if result is None:
        return tuple(
            ResultRow(name, "", key=key)
            for name, key in (
                ("Beam x", "beam_x"), ("Beam y", "beam_y"), ("Distance", "distance"),
                ("Tilt", "tilt"), ("Rings", "rings"),
            )
        )  # fmt: skip
    return (
        *_beam_rows(result, corner),
        _length_row(result, settings),
        _tilt_row(result.tilt),
        _rings_row(result, settings),
        *_circle_rows(result, corner),
        *_moved_rows(result.moved),
        *_quality_rows(result),
        *_scale_rows(result, settings),
        *_joint_rows(result.joint),
    )


def _row(
    name: str, value: float, sigma: float | None, unit: str, source: str, key: str, tip: str = "",
    *, detail: bool = False,
) -> ResultRow:
    number, spread = with_sigma(value, sigma)
    number = number.replace("-", "−")
    return ResultRow(name, number, unit, spread, source, key, tip, detail)


def _beam_rows(result: Result, corner: bool) -> list[ResultRow]:
    """Where the beam meets the detector: of all rings where a tilt is known, else of the ring."""
    fit, tilt = result.best, result.tilt
    x, y, source = fit.center_x_px, fit.center_y_px, _source(result)
    sigmas = fit.sigma_center_x_px, fit.sigma_center_y_px
    if tilt is not None:
        x, y, source = tilt.geometry.center_x_px, tilt.geometry.center_y_px, _tilt_source(tilt)
        sigmas = tilt.sigma_center_px, tilt.sigma_center_px
    elif result.center_source == "fixed":
        source = "fixed"
    shift, tip = (CORNER_PX, CORNER_TIP) if corner else (0.0, TIP)
    return [
        _row("Beam x", x + shift, sigmas[0], "px", source, "beam_x", tip),
        _row("Beam y", y + shift, sigmas[1], "px", source, "beam_y", tip),
    ]


def _length_row(result: Result, settings: Settings) -> ResultRow:
    """Distance, or the scale where the wavelength or the pixel size is not known."""
    tilt = result.tilt
    if tilt is not None:
        return _row("Distance", tilt.geometry.beam_distance_mm, tilt.sigma_distance_mm, "mm",
                    _tilt_source(tilt), "distance", "From the sample along the beam")
    fitted = fitted_distance_mm(result, settings)
    if fitted is not None:
        return _row("Distance", fitted, None, "mm", "ring", "distance", BRAGG_TIP)
    return _scale_row(result, settings) or ResultRow("Distance", "", key="distance")


def _tilt_row(tilt: Tilt | None) -> ResultRow:
    if tilt is None:
        return ResultRow("Tilt", "", key="tilt", tip=f"{TILT_TIP}: not measured yet")
    return _row("Tilt", tilt.geometry.tilt_deg, tilt.sigma_tilt_deg, "°", _tilt_source(tilt),
                "tilt", TILT_TIP)


def _rings_row(result: Result, settings: Settings) -> ResultRow:
    ring = result.ring
    seen = max(len(ring.rings), 1) if ring is not None else 1
    if result.order is None or settings.ring is None:
        return ResultRow("Rings", f"{seen} seen", key="rings")
    doubtful = settings.ring_source.startswith(DEFAULT)
    return ResultRow(
        "Rings", f"{seen} seen; ring {settings.ring}, {'to be checked' if doubtful else 'certain'}",
        key="rings", tip=result.order.evidence,
    )


def _circle_rows(result: Result, corner: bool) -> list[ResultRow]:
    fit, source = result.best, _source(result)
    rows = [
        _row("Radius", fit.radius_px, fit.sigma_radius_px, "px", source, "radius", detail=True)
    ]
    if result.tilt is not None:
        shift, tip = (CORNER_PX, CORNER_TIP) if corner else (0.0, TIP)
        rows += [
            _row("Circle's centre x", fit.center_x_px + shift, fit.sigma_center_x_px, "px", source,
                 "circle_x", tip, detail=True),
            _row("Circle's centre y", fit.center_y_px + shift, fit.sigma_center_y_px, "px", source,
                 "circle_y", tip, detail=True),
        ]
    return rows


def _moved_rows(moved: Moved | None) -> list[ResultRow]:
    """How far the beam is from the calibration that the fit started from."""
    if moved is None:
        return []
    text = f"{moved.dx_px:+.3f}, {moved.dy_px:+.3f}".replace("-", "−")
    sigma = "within σ" if moved.n_sigma <= 1.0 else f"{moved.n_sigma:.1f} σ"
    return [ResultRow("Beam moved by", text, "px", source=sigma, key="moved", tip=MOVED_TIP,
                      detail=True)]


def _quality_rows(result: Result) -> list[ResultRow]:
    fit = result.best
    rows = [ResultRow("Residuals, rms", f"{fit.rms_residual_px:.3f}", "px", key="rms", detail=True)]
    if isinstance(fit, RingFit):
        rows.append(_row("Ring width, σ", fit.width_px, fit.sigma_width_px, "px", "fit", "width",
                         detail=True))
        rows.append(ResultRow("Part of ring seen", f"{100 * fit.coverage:.0f}", "%",
                              key="coverage", detail=True))
    if result.circle is not None:
        inliers = result.circle.inliers
        outliers = ", ".join(str(n) for n, ok in enumerate(inliers, 1) if not ok)
        text = f"{int(inliers.sum())} of {len(inliers)}"
        text += f", set aside: {outliers}" if outliers else ""
        rows.append(ResultRow("Points used", text, key="points", detail=True))
    return rows


def _scale_row(result: Result, settings: Settings) -> ResultRow | None:
    scale = scale_with_sigma(result, settings)
    if scale is None:
        return None
    return _row("Scale", *scale, "nm·px", _source(result), "scale", SCALE_TIP)


def _scale_rows(result: Result, settings: Settings) -> list[ResultRow]:
    fitted, entered = fitted_distance_mm(result, settings), settings.distance.value
    scale = _scale_row(result, settings)
    rows = []
    if scale is not None and (fitted is not None or result.tilt is not None):
        rows.append(replace(scale, detail=True))
    if fitted is not None and entered is not None and abs(fitted / entered - 1.0) > 1e-4:
        text = f"{100 * (entered / fitted - 1.0):+.2f}".replace("-", "−")
        rows.append(ResultRow("Entered distance", text, "% off", source=settings.distance.source,
                              key="distance_off", detail=True))
    return rows


def _joint_rows(joint: JointFit | None) -> list[ResultRow]:
    """Centre that several rings share; where they do not, a warning says so."""
    if joint is None or not joint.consistent:
        return []
    source = f"{len(joint.rings)} rings"
    return [
        _row("Shared centre x", joint.center_x_px, joint.sigma_center_x_px, "px", source,
             "joint_x", JOINT_TIP, detail=True),
        _row("Shared centre y", joint.center_y_px, joint.sigma_center_y_px, "px", source,
             "joint_y", JOINT_TIP, detail=True),
    ]


def _tilt_source(tilt: Tilt) -> str:
    return f"{tilt.n_rings} rings"


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
    return "ring" if result.ring is not None else "points"
