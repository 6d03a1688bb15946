"""What a text entered for a setting does: one pure function a key, for window and options."""

from collections.abc import Callable
from dataclasses import replace

from calibtool.errors import InputError
from calibtool.instruments.calibrants import Calibrant, find_calibrant
from calibtool.instruments.detectors import DetectorMatch, check_known, choose_detector
from calibtool.io.numbers import parse_integer, parse_number
from calibtool.model.scale import HC_KEV_NM
from calibtool.model.settings import USER, Quantity, Settings

Shape = tuple[int, ...] | None
Setter = Callable[[Settings, str, Shape], Settings]


AUTO = "auto"
"""The calibrant that is to be recognised."""

RANGES = {
    "d-spacing": (1e-3, 1e6, "nm"),
    "Wavelength": (1e-4, 100.0, "nm"),
    "Energy": (0.01, 1e4, "keV"),
    "Distance": (0.1, 1e6, "mm"),
    "Pixel size": (1e-5, 10.0, "mm"),
    "S10": (1e-3, 1e6, "px"),
    "Centre x": (-1e6, 1e6, "px"),
    "Centre y": (-1e6, 1e6, "px"),
}
"""What can be entered: wide enough for every instrument, too narrow for µm typed as mm."""

SAME_D = 1e-4
"""Relative difference up to which a typed d-spacing is still that ring of the calibrant."""


def enter(settings: Settings, key: str, text: str, *, shape: Shape = None) -> Settings:
    """Return the settings with one value taken from what was typed.

    Parameters
    ----------
    settings : Settings
        Settings so far.
    key : str
        Name of the setting, one of ``SETTERS``.
    text : str
        What was typed; decimal point or comma.
    shape : (int, int), optional
        Rows and columns of the image, for the choice of a detector.

    Raises
    ------
    InputError
        The text is not a value of this setting; names it and says why.
    """
    return SETTERS[key](settings, text.strip(), shape)


def choose_ring(settings: Settings, ring: int, source: str) -> Settings:
    """Settings for ring ``ring`` (from 1) of the calibrant, with its d-spacing."""
    spacings = settings.d_spacings_nm
    if not 1 <= ring <= len(spacings):
        name = settings.calibrant
        raise InputError(f"Ring: {name} has rings 1 to {len(spacings)}; choose one of them.")
    d = spacings[ring - 1]
    quantity = Quantity(d, d * settings.d_relative_sigma, f"calibrant {settings.calibrant}")
    return replace(settings, ring=ring, ring_source=source, d_spacing=quantity)


def choose_calibrant(
    settings: Settings, name: str, ring: int = 1, source: str = USER
) -> Settings:
    """Settings with another calibrant; its ring ``ring`` is assumed until something tells."""
    return choose_ring(with_lines(settings, find_calibrant(name), source), ring, "default")


def with_lines(settings: Settings, calibrant: Calibrant, source: str) -> Settings:
    """Settings with the lines of a calibrant; which of them the ring is stays as it was."""
    return replace(
        settings,
        calibrant=calibrant.name,
        calibrant_source=source,
        d_spacings_nm=calibrant.d_nm,
        d_relative_sigma=calibrant.d_relative_sigma,
    )


def without_calibrant(settings: Settings, d_spacing: Quantity) -> Settings:
    """Settings with a d-spacing that is of no calibrant."""
    return replace(
        settings, calibrant="", calibrant_source=USER, d_spacings_nm=(), ring=None,
        d_spacing=d_spacing,
    )  # fmt: skip


def with_detector(settings: Settings, match: DetectorMatch) -> Settings:
    """Settings with a detector and its pixel size; the pixel size of another one is dropped."""
    pixel = settings.pixel_size
    if match.pixel_size_mm is not None:
        pixel = Quantity(match.pixel_size_mm, None, match.source)
    elif pixel.source == settings.detector_source:
        pixel = Quantity()
    return replace(
        settings, detector=match.name or "", detector_source=match.source, pixel_size=pixel
    )


def _calibrant(settings: Settings, text: str, shape: Shape) -> Settings:
    if text.strip().lower() == AUTO:
        return unchosen(settings)
    if text.startswith("free") or not text:
        return without_calibrant(settings, settings.d_spacing)
    return choose_calibrant(settings, text)


def unchosen(settings: Settings) -> Settings:
    """Settings whose calibrant is to be recognised."""
    usual = Settings()
    return replace(
        settings,
        calibrant=usual.calibrant,
        calibrant_source=usual.calibrant_source,
        d_spacings_nm=usual.d_spacings_nm,
        d_relative_sigma=usual.d_relative_sigma,
        ring=usual.ring,
        ring_source=usual.ring_source,
        d_spacing=usual.d_spacing,
    )


def _ring(settings: Settings, text: str, shape: Shape) -> Settings:
    ring = parse_integer(text, "Ring", minimum=1)
    return choose_ring(settings, ring, USER)


def _d_spacing(settings: Settings, text: str, shape: Shape) -> Settings:
    d = _parse(text, "d-spacing")
    for ring, known in enumerate(settings.d_spacings_nm, 1):
        if abs(d / known - 1.0) <= SAME_D:
            sigma = d * settings.d_relative_sigma
            return replace(
                settings, ring=ring, ring_source=USER, d_spacing=Quantity(d, sigma, USER)
            )
    return without_calibrant(settings, Quantity(d, None, USER))


def _parse(text: str, field: str) -> float:
    return parse_number(text, field, positive=True, between=RANGES[field])


def _with(settings: Settings, name: str, quantity: Quantity) -> Settings:
    return replace(settings, **{name: quantity})  # type: ignore[arg-type]


def _number(name: str, field: str) -> Setter:
    def setter(settings: Settings, text: str, shape: Shape) -> Settings:
        if not text:
            return _with(settings, name, Quantity())
        value = _parse(text, field)
        return _with(settings, name, Quantity(value, None, USER))

    return setter


def _energy(settings: Settings, text: str, shape: Shape) -> Settings:
    if not text:
        return replace(settings, wavelength=Quantity())
    energy = _parse(text, "Energy")
    return replace(settings, wavelength=Quantity(HC_KEV_NM / energy, None, USER))


def _pixel_size(settings: Settings, text: str, shape: Shape) -> Settings:
    changed = _number("pixel_size", "Pixel size")(settings, text, shape)
    # A pixel size of one's own contradicts a detector chosen by hand.
    return replace(
        changed, detector="", detector_source="default: the pixel size was entered by the user"
    )


def _s10(settings: Settings, text: str, shape: Shape) -> Settings:
    value = _parse(text, "S10") if text else None
    return replace(settings, s10_px=value)


def _coordinate(name: str, field: str) -> Setter:
    def setter(settings: Settings, text: str, shape: Shape) -> Settings:
        value = parse_number(text, field, between=RANGES[field]) if text else None
        return _with(settings, name, Quantity(value, None, USER))

    return setter


def _fixed_center(settings: Settings, text: str, shape: Shape) -> Settings:
    return replace(settings, fixed_center=text == "1")


def _detector(settings: Settings, text: str, shape: Shape) -> Settings:
    if shape is None:
        raise InputError("Detector: open an image first; the detector is checked against its size.")
    check_known(text)
    return with_detector(settings, choose_detector(text, (shape[0], shape[1])))


def _option(
    name: str, field: str, *, whole: bool, automatic: bool, minimum: float
) -> Setter:
    def setter(settings: Settings, text: str, shape: Shape) -> Settings:
        value: float | None = None
        if not (automatic and text in ("", "automatic")):
            parse = parse_integer if whole else parse_number
            value = parse(text, field, minimum=minimum)
        options = replace(settings.options, **{name: value})  # type: ignore[arg-type]
        return replace(settings, options=options)

    return setter


def _mode(settings: Settings, text: str, shape: Shape) -> Settings:
    if text == "peak":
        return replace(settings, options=replace(settings.options, mode="peak"))
    if text == "edge":
        return replace(settings, options=replace(settings.options, mode="edge"))
    raise InputError(f"Refine to: '{text}' is not known; choose peak or edge.")


SETTERS: dict[str, Setter] = {
    "calibrant": _calibrant,
    "ring": _ring,
    "d_spacing": _d_spacing,
    "wavelength": _number("wavelength", "Wavelength"),
    "energy": _energy,
    "distance": _number("distance", "Distance"),
    "pixel_size": _pixel_size,
    "s10": _s10,
    "center_x": _coordinate("center_x", "Centre x"),
    "center_y": _coordinate("center_y", "Centre y"),
    "fixed_center": _fixed_center,
    "detector": _detector,
    "mode": _mode,
    "window": _option("window_px", "Search window", whole=False, automatic=True, minimum=1.0),
    "threshold": _option("threshold", "Threshold", whole=False, automatic=False, minimum=1.0),
    "population": _option("population", "Population", whole=True, automatic=True, minimum=4),
    "generations": _option("generations", "Generations", whole=True, automatic=True, minimum=1),
    "starts": _option("starts", "Starts", whole=True, automatic=True, minimum=1),
    "seed": _option("seed", "Seed", whole=True, automatic=False, minimum=0),
}
