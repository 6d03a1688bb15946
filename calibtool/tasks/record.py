"""A session's result as the record that is saved, printed and read by others."""

from dataclasses import asdict, fields
from typing import Any

from calibtool import __version__
from calibtool.io.address import is_address
from calibtool.io.calibration import Calibration
from calibtool.io.calibration_data import SavedPoint, SavedRing
from calibtool.io.images import image_sha256
from calibtool.model.circle import radial_residuals
from calibtool.model.pattern.pattern_fit import PatternFit, PatternRing
from calibtool.model.pixels.reasons import masked_counts
from calibtool.model.results import RingFit
from calibtool.model.settings import DEFAULT, Quantity, Settings
from calibtool.model.state.consistency import all_warnings, fitted_distance_mm
from calibtool.model.state.session import Result, Session
from calibtool.model.state.verdict import judge, scale_with_sigma
from calibtool.tasks.pattern import tilted_of_pattern


def record(session: Session, *, with_hash: bool = False) -> Calibration:
    """Everything of a session that is saved.

    Parameters
    ----------
    session : Session
        The session; without a result only the settings are recorded.
    with_hash : bool
        Whether to read the image file once more for its SHA-256.
    """
    image, settings, result = session.image, session.settings, session.result
    values = {**_settings(settings), **_result(result, settings)}
    path = None if image is None else image.path
    return Calibration(
        image=path,
        frame=0 if image is None else image.frame,
        shape=None if image is None else (image.data.shape[0], image.data.shape[1]),
        image_sha256=image_sha256(path) if with_hash and path and not is_address(path) else None,
        points=_points(session),
        masked={} if image is None else masked_counts(image),
        program_version=__version__,
        **values,
    )


def distance(result: Result | None, settings: Settings) -> Quantity:
    """Distance to be recorded: the ring's, unless only a guessed ring number speaks for it."""
    fitted = None if result is None else fitted_distance_mm(result, settings)
    pattern = None if result is None else result.pattern
    guessed = pattern is None and settings.ring_source.startswith(DEFAULT)
    guessed = guessed and settings.distance.value is not None
    if fitted is None or guessed:
        return settings.distance
    return Quantity(fitted, None, "fit: the rings' radii, exact Bragg geometry")


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "calibrant": settings.calibrant or None,
        "ring": settings.ring,
        "d_spacing_nm": settings.d_spacing.value,
        "sigma_d_spacing_nm": settings.d_spacing.sigma,
        "wavelength_nm": settings.wavelength.value,
        "pixel_size_mm": settings.pixel_size.value,
        "distance_mm": settings.distance.value,
        "detector": settings.detector or None,
        "fixed_center": settings.fixed_center,
        "fixed_center_x_px": settings.center_x.value,
        "fixed_center_y_px": settings.center_y.value,
        "s10_px": settings.s10_px,
        "options": asdict(settings.options),
        "exposure": settings.exposure,
    }


def _result(result: Result | None, settings: Settings) -> dict[str, Any]:
    if result is None:
        return {"sources": _sources(None, settings)}
    fit = result.best
    scale = scale_with_sigma(result, settings)
    out: dict[str, Any] = {
        name: getattr(fit, name)
        for name in (
            "center_x_px",
            "center_y_px",
            "radius_px",
            "sigma_center_x_px",
            "sigma_center_y_px",
            "sigma_radius_px",
            "rms_residual_px",
        )
    }
    if isinstance(fit, RingFit):
        out |= {"coverage": fit.coverage, "snr": fit.snr}
    if scale is not None:
        out |= {"scale_nm_px": scale[0], "sigma_scale_nm_px": scale[1]}
    out["moved"] = result.moved
    if result.pattern is not None:
        out |= _pattern(result.pattern, settings)
    return out | {
        "distance_mm": distance(result, settings).value,
        "warnings": all_warnings(result, settings),
        "verdict": judge(result, settings).text,
        "sources": _sources(result, settings),
    }


def _pattern(pattern: PatternFit, settings: Settings) -> dict[str, Any]:
    """What the whole pattern tells, by the names of `PatternFit`."""
    names = (
        "beam_x_px", "beam_y_px", "sigma_beam_x_px", "sigma_beam_y_px", "distance_px",
        "sigma_distance_px", "sigma_distance_mm", "beam_direction", "tilt_deg", "sigma_tilt_deg",
        "parameters", "calibrant_candidates", "certain", "unexplained_px",
    )  # fmt: skip
    return {name: getattr(pattern, name) for name in names} | {
        "covariance": tuple(map(tuple, pattern.covariance.tolist())),
        "rings": tuple(map(_saved, pattern.rings)),
        "geometry": tilted_of_pattern(
            pattern, settings.pixel_size.value, settings.wavelength.value
        ),
    }


def _saved(ring: PatternRing) -> SavedRing:
    return SavedRing(**{field.name: getattr(ring, field.name) for field in fields(SavedRing)})


def _sources(result: Result | None, settings: Settings) -> dict[str, str]:
    """Where each known number is from."""
    quantities = {
        "wavelength_nm": settings.wavelength,
        "pixel_size_mm": settings.pixel_size,
        "distance_mm": distance(result, settings),
        "d_spacing_nm": settings.d_spacing,
    }
    sources = {name: q.source for name, q in quantities.items() if q.value is not None}
    if settings.calibrant:
        sources["calibrant"] = settings.calibrant_source
    if settings.ring is not None:
        sources["ring"] = settings.ring_source
    if settings.detector or settings.detector_source != DEFAULT:
        sources["detector"] = settings.detector_source
    if result is not None:
        fit = "fit of the whole ring" if result.ring is not None else "fit of the points"
        center = "user: fixed centre" if result.center_source == "fixed" else fit
        sources |= {"center_x_px": center, "center_y_px": center, "radius_px": fit}
        sources["scale_nm_px"] = "d-spacing × radius"
        if result.pattern is not None:
            beam = center if result.center_source == "fixed" else "fit of the whole pattern"
            sources |= {"beam_x_px": beam, "beam_y_px": beam}
    return sources


def _points(session: Session) -> tuple[SavedPoint, ...]:
    circle = session.circle
    if not session.points or circle is None:
        return tuple(
            SavedPoint(p.x, p.y, p.clicked_x, p.clicked_y, refined=p.refined)
            for p in session.points
        )
    residuals = radial_residuals(session.xy(), circle).tolist()
    fit = session.result.circle if session.result is not None and session.fresh else None
    inliers = [True] * len(residuals) if fit is None else fit.inliers.tolist()
    return tuple(
        SavedPoint(p.x, p.y, p.clicked_x, p.clicked_y, residual, not ok, p.refined)
        for p, residual, ok in zip(session.points, residuals, inliers, strict=True)
    )
