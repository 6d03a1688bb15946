"""The results: each number with σ and source."""

from calibtool.model.results import Moved, RingFit
from calibtool.model.rings.joint_fit import JointFit
from calibtool.model.scale import scale_from_parameters_nm_px
from calibtool.model.settings import DEFAULT, Settings
from calibtool.model.state.consistency import fitted_distance_mm
from calibtool.model.state.session import Result, Session, Tilt
from calibtool.model.state.verdict import scale_with_sigma
from calibtool.presenter.texts import plain, with_sigma
from calibtool.scene import ResultRow

TIP = (
    "pyFAI and Fit2D count from the corner of the first pixel: add 0.5 to compare. "
    "calibtool counts from its centre."
)


SCALE_TIP = "d-spacing × radius, as MuscleX has it; its σ includes that of the d-spacing"
JOINT_TIP = "The one centre that fits all rings seen; they agree within their σ"
MOVED_TIP = "From where the calibration has it that the fit started from, at the same tilt"
BRAGG_TIP = "From radius, wavelength and pixel size: R·p = S_dd·tan 2θ with λ = 2 d sin θ"


def rows(session: Session) -> tuple[ResultRow, ...]:
    """Return the lines of the results panel, none before there is a result."""
    result, settings = session.result, session.settings
    if result is None:
        return ()
    return (
        *_circle_rows(result),
        *_moved_rows(result.moved),
        *_quality_rows(result),
        *_scale_rows(result, settings),
        *_joint_rows(result.joint),
        *_tilt_rows(result.tilt),
    )


def _circle_rows(result: Result) -> list[ResultRow]:
    fit, source = result.best, _source(result)
    x, y = fit.center_x_px, fit.center_y_px
    center_source = "fixed" if result.center_source == "fixed" else source
    return [
        ResultRow("Centre x", with_sigma(x, fit.sigma_center_x_px, "px"), center_source, TIP),
        ResultRow("Centre y", with_sigma(y, fit.sigma_center_y_px, "px"), center_source, TIP),
        ResultRow("As pyFAI, Fit2D", f"{x + 0.5:.3f}, {y + 0.5:.3f} px", "+0.5", TIP),
        ResultRow("Radius", with_sigma(fit.radius_px, fit.sigma_radius_px, "px"), source),
    ]


def _moved_rows(moved: Moved | None) -> list[ResultRow]:
    """How far the beam is from the calibration that the fit started from."""
    if moved is None:
        return []
    text = f"{moved.dx_px:+.3f}, {moved.dy_px:+.3f} px".replace("-", "−")
    sigma = "within σ" if moved.n_sigma <= 1.0 else f"{moved.n_sigma:.1f} σ"
    return [ResultRow("Beam moved by", text, sigma, MOVED_TIP)]


def _quality_rows(result: Result) -> list[ResultRow]:
    fit = result.best
    rows = [ResultRow("Residuals (rms)", f"{fit.rms_residual_px:.3f} px")]
    if isinstance(fit, RingFit):
        width = with_sigma(fit.width_px, fit.sigma_width_px, "px")
        rows.append(ResultRow("Ring width (σ)", width, "fit"))
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
    if result.order is not None:
        name = f"{settings.calibrant} {settings.ring}" if settings.ring else "free d-spacing"
        guessed = settings.ring_source.startswith(DEFAULT)
        certain = "to be checked" if guessed else "certain"
        rows.append(ResultRow("Ring", name, certain, result.order.evidence))
    scale = scale_with_sigma(result, settings)
    if scale is not None:
        rows.append(ResultRow("Scale d·R", with_sigma(*scale, "nm·px"), "d × R", SCALE_TIP))
    fitted = fitted_distance_mm(result, settings)
    if fitted is not None:
        rows.append(ResultRow("Distance S_dd", f"{plain(fitted)} mm", "from ring", BRAGG_TIP))
    entered = settings.distance.value
    if fitted is not None and entered is not None and abs(fitted / entered - 1.0) > 1e-4:
        text = f"{100 * (entered / fitted - 1.0):+.2f} %".replace("-", "−")
        rows.append(ResultRow("Given S_dd", text, "to ring", settings.distance.source))
    return rows


def _joint_rows(joint: JointFit | None) -> list[ResultRow]:
    """Centre that several rings share; where they do not, a warning says so."""
    if joint is None or not joint.consistent:
        return []
    source = f"{len(joint.rings)} rings"
    x = with_sigma(joint.center_x_px, joint.sigma_center_x_px, "px")
    y = with_sigma(joint.center_y_px, joint.sigma_center_y_px, "px")
    return [
        ResultRow("Shared centre x", x, source, JOINT_TIP),
        ResultRow("Shared centre y", y, source, JOINT_TIP),
    ]


def _tilt_rows(tilt: Tilt | None) -> list[ResultRow]:
    if tilt is None:
        return []
    place, sigma = tilt.geometry, tilt.sigma_center_px
    source = f"{tilt.n_rings} rings, pyFAI"
    return [
        ResultRow("Tilt", with_sigma(place.tilt_deg, tilt.sigma_tilt_deg, "°"), source),
        ResultRow("Beam x, tilted", with_sigma(place.center_x_px, sigma, "px"), source, TIP),
        ResultRow("Beam y, tilted", with_sigma(place.center_y_px, sigma, "px"), source, TIP),
        ResultRow(
            "S_dd along beam",
            with_sigma(place.beam_distance_mm, tilt.sigma_distance_mm, "mm"),
            source,
        ),
    ]


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
    return "ring fit" if result.ring is not None else "point fit"
