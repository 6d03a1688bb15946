"""The inputs of the panels, filled from the settings."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from calibtool.model.scale import HC_KEV_NM, d_spacing_nm
from calibtool.model.settings import Quantity, Settings
from calibtool.model.state.session import Session
from calibtool.model.state.verdict import scale_with_sigma
from calibtool.presenter.results import parameter_scale_nm_px
from calibtool.presenter.state import State
from calibtool.presenter.texts import plain
from calibtool.scene import Field

FREE = "free d-spacing"


def fields(state: State) -> Mapping[str, Field]:
    """Return all inputs by key; what was typed wrongly stays, with the reason."""
    session = state.session
    out = {
        **_calibrant(state),
        **_instrument(session),
        **_scale(session),
        **_center(session.settings),
        **_options(session.settings),
        "pattern": Field(state.pattern, tip="Names of the images of a series, as run7_*.tif"),
        "drift_limit": Field(plain(state.drift_limit_px), "px", tip="Farther off is flagged"),
    }
    likely = session.settings.detector_candidates
    names = (*likely, *(name for name in state.detectors if name not in likely))
    out["detector"] = replace(out["detector"], choices=names)
    for key, text, error in state.errors:
        out[key] = replace(out[key], text=text, error=error)
    return MappingProxyType(out)


def _calibrant(state: State) -> dict[str, Field]:
    settings = state.session.settings
    n_rings = min(len(settings.d_spacings_nm), 30)
    ring_source = settings.ring_source
    told = state.session.result is not None or not ring_source.startswith("default")
    return {
        "calibrant": Field(settings.calibrant or FREE, choices=_calibrants(state)),
        "ring": Field(
            "" if settings.ring is None else str(settings.ring),
            source=_short_source(ring_source) if told else "",
            unconfirmed=told and ring_source.startswith("default"),
            choices=tuple(str(n) for n in range(1, n_rings + 1)),
            enabled=settings.ring is not None,
            tip=f"Which ring of the calibrant this is, the innermost being 1 ({ring_source})",
        ),
        "d_spacing": _quantity(settings.d_spacing, "nm", "The d-spacing of the ring"),
    }


def _calibrants(state: State) -> tuple[str, ...]:
    """All calibrants, those chosen lately first."""
    lately = tuple(name for name in state.recent_calibrants if name in state.calibrants)
    return (*lately, *(name for name in state.calibrants if name not in lately), FREE)


def _short_source(source: str) -> str:
    """Where a ring's number is from in a word or two; the whole evidence is in the tip."""
    if source.startswith("default"):
        return "assumed"
    return source if len(source) < 16 else "by the radii"


def _instrument(session: Session) -> dict[str, Field]:
    settings, told = session.settings, session.settings.detector_source
    asked = session.image is not None and told.startswith("default")
    wavelength = settings.wavelength
    energy = replace(wavelength, value=wavelength.value and HC_KEV_NM / wavelength.value)
    return {
        "wavelength": _quantity(wavelength, "nm", "Wavelength λ; the energy follows"),
        # From where it is, and whether that is sure, is said beside the wavelength.
        "energy": Field(plain(energy.value, 8), "keV", tip="Photon energy; the wavelength follows"),
        "distance": _quantity(settings.distance, "mm", "Sample-to-detector distance S_dd"),
        "pixel_size": _quantity(settings.pixel_size, "mm", "Pixel size p"),
        "detector": Field(
            settings.detector,
            source=told.removeprefix("default detector: ") if asked or settings.detector else "",
            unconfirmed=asked,
            tip="Chosen by the image; choose by hand where that is wrong",
        ),
    }


def _scale(session: Session) -> dict[str, Field]:
    settings = session.settings
    scale = parameter_scale_nm_px(settings)
    s10 = settings.s10_px
    small = scale / s10 if scale is not None and s10 else None
    source = ""
    if small is not None and s10 is not None:
        exact = d_spacing_nm(
            s10,
            wavelength_nm=settings.wavelength.value or 0.0,
            distance_mm=settings.distance.value or 0.0,
            pixel_size_mm=settings.pixel_size.value or 0.0,
        )
        if abs(exact / small - 1.0) > 1e-4:
            source = f"small angle; exact {plain(exact)} nm"
    return {
        "scale": _shown_scale(session, scale),
        "s10": Field(plain(s10), "px", tip="Measured spacing S10 of the pattern, in pixels"),
        "d10": Field(plain(small), "nm", source, enabled=False),
    }


def _shown_scale(session: Session, entered: float | None) -> Field:
    """Scale of the parameters, or of the ring while they are not all known."""
    if entered is not None:
        tip = "λ · distance / pixel size, for small angles"
        return Field(plain(entered), "nm·px", enabled=False, tip=tip)
    of_ring = None
    if session.result is not None and session.fresh:
        of_ring = scale_with_sigma(session.result, session.settings)
    if of_ring is None:
        return Field("", "nm·px", enabled=False)
    return Field(plain(of_ring[0]), "nm·px", enabled=False, tip="d × R of the ring")


def _center(settings: Settings) -> dict[str, Field]:
    tip = "Index pixels: 0 is the centre of the first pixel; pyFAI and Fit2D show 0.5 more"
    return {
        "fixed_center": Field("1" if settings.fixed_center else ""),
        "center_x": replace(_quantity(settings.center_x, "px", tip), unconfirmed=False),
        "center_y": replace(_quantity(settings.center_y, "px", tip), unconfirmed=False),
    }


def _options(settings: Settings) -> dict[str, Field]:
    options = settings.options

    def number(value: float | None) -> str:
        return "automatic" if value is None else plain(value)

    return {
        "mode": Field(options.mode, choices=("peak", "edge"), tip="What a click is moved to"),
        "window": Field(number(options.window_px), "px", tip="How far a click may be moved"),
        "threshold": Field(plain(options.threshold), "MAD", tip="Farther off is an outlier"),
        "population": Field(number(options.population), tip="Members of each generation"),
        "generations": Field(number(options.generations), tip="Most generations of one start"),
        "starts": Field(number(options.starts), tip="Independent starts; the best is kept"),
        "seed": Field(str(options.seed), tip="The same seed gives the same numbers"),
    }


def _quantity(quantity: Quantity, unit: str, tip: str) -> Field:
    known = quantity.value is not None
    source = quantity.source if known else ""
    return Field(plain(quantity.value, 8), unit, source, quantity.unconfirmed, tip=tip)
