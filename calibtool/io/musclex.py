"""The ``calibration.info`` of MuscleX, which it keeps in the folder ``settings`` of the images.

A pickle of ``{"path", "settings", "version"}``. Settings of type ``img`` hold ``center``,
``radius``, ``scale`` and ``silverB`` (the d-spacing of the ring in nm), those of type ``cont``
hold ``lambda`` (nm), ``sdd`` and ``pixel_size`` (mm). MuscleX counts as this program does: an
integer is the centre of a pixel.
"""

import math
import os
import pickle
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from calibtool import __version__
from calibtool.errors import InputError
from calibtool.io.atomic import write_file
from calibtool.io.calibration_data import CalibrationData
from calibtool.io.safe_pickle import RefusedError, load_plain
from calibtool.model.scale import scale_from_parameters_nm_px, wavelength_nm

# Protocol 4 is read by every Python since 3.4, thus by every MuscleX of Python 3.
_PROTOCOL = 4


def musclex_dict(calibration: CalibrationData) -> dict[str, Any]:
    """What MuscleX keeps, of plain Python types only.

    Raises
    ------
    InputError
        Where there is neither a ring nor wavelength, distance and pixel size.
    """
    settings = _ring_settings(calibration) or _parameter_settings(calibration)
    if settings is None:
        raise InputError(
            "MuscleX needs the radius and d-spacing of a ring, or wavelength, distance and pixel "
            "size; fit a ring or enter them first."
        )
    if calibration.detector:
        settings["detector"] = str(calibration.detector)
    return {
        "path": str(calibration.image or ""),
        "settings": settings,
        "version": f"calibtool {__version__}",
    }


def _ring_settings(calibration: CalibrationData) -> dict[str, Any] | None:
    radius, d = calibration.radius_px, calibration.d_spacing_nm
    center = _center(calibration)
    if radius is None or d is None or center is None:
        return None
    settings: dict[str, Any] = {
        "type": "img",
        "center": center,
        "radius": float(radius),
        "silverB": float(d),
        "scale": float(d) * float(radius),
    }
    for name, value in (
        ("sdd", calibration.distance_mm),
        ("pixel_size", calibration.pixel_size_mm),
    ):
        if value is not None:
            settings[name] = float(value)
    return settings


def _parameter_settings(calibration: CalibrationData) -> dict[str, Any] | None:
    length = calibration.wavelength_nm
    distance, pixel = calibration.distance_mm, calibration.pixel_size_mm
    if length is None or distance is None or pixel is None:
        return None
    scale = scale_from_parameters_nm_px(
        wavelength_nm=length, distance_mm=distance, pixel_size_mm=pixel
    )
    settings: dict[str, Any] = {
        "type": "cont",
        "lambda": float(length),
        "beam_energy": float(wavelength_nm(length)),
        "sdd": float(distance),
        "pixel_size": float(pixel),
        "scale": float(scale),
    }
    center = _center(calibration)
    if center is not None:
        settings["center"] = center
    return settings


def _center(calibration: CalibrationData) -> list[float] | None:
    return None if calibration.beam is None else [float(value) for value in calibration.beam]


def write_musclex(
    path: str | os.PathLike[str], calibration: CalibrationData, *, force: bool = False
) -> None:
    """Write ``calibration.info`` and read it back.

    Raises
    ------
    InputError
        Where something needed is not known, the file exists and ``force`` is not given, or it
        cannot be written.
    """
    content = musclex_dict(calibration)

    def verify(data: bytes) -> None:
        if load_plain(data) != content:
            raise InputError(f"Cannot write {path}: it did not come back as it was saved.")

    write_file(path, pickle.dumps(content, protocol=_PROTOCOL), force=force, verify=verify)


def parse_musclex(data: bytes, name: str) -> CalibrationData:
    """Return what the content of a ``calibration.info`` says; nothing in it is run.

    Raises
    ------
    InputError
        Where it is damaged, something else, or asks for anything but plain data; the message
        says which.
    """
    try:
        content = load_plain(data)
    except RefusedError as refused:
        raise InputError(
            f"{name} was refused and nothing in it was run: it asks for {refused}, and a "
            "calibration of MuscleX holds plain numbers only."
        ) from refused
    except ValueError as error:
        raise InputError(f"{name} is not a calibration of MuscleX: {error}.") from error
    settings = content.get("settings") if isinstance(content, dict) else None
    if not isinstance(settings, dict):
        raise InputError(f"{name} is not a calibration of MuscleX: it holds no settings.")
    return _calibration(settings, str(content.get("path") or "") or None, name)


def _calibration(settings: dict[Any, Any], image: str | None, name: str) -> CalibrationData:
    center = _pair(settings.get("center"))
    found: dict[str, Any] = {
        "center_x_px": center[0],
        "center_y_px": center[1],
        "radius_px": _positive(settings.get("radius")),
        "d_spacing_nm": _positive(settings.get("silverB")),
        "wavelength_nm": _positive(settings.get("lambda")),
        "distance_mm": _positive(settings.get("sdd")),
        "pixel_size_mm": _positive(settings.get("pixel_size")),
        "scale_nm_px": _positive(settings.get("scale")),
        "detector": settings.get("detector") if isinstance(settings.get("detector"), str) else None,
    }
    energy = _positive(settings.get("beam_energy"))
    if found["wavelength_nm"] is None and energy is not None:
        found["wavelength_nm"] = wavelength_nm(energy)
    if found["scale_nm_px"] is None and found["radius_px"] and found["d_spacing_nm"]:
        found["scale_nm_px"] = found["radius_px"] * found["d_spacing_nm"]
    known = {key: value for key, value in found.items() if value is not None}
    if not known:
        raise InputError(f"{name} is a calibration of MuscleX, but an empty one.")
    sources = MappingProxyType({key: f"MuscleX {name}" for key in known})
    return CalibrationData(image=image, sources=sources, **known)


def _pair(value: Any) -> tuple[float | None, float | None]:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None, None
    x, y = (_number(item) for item in value)
    return (None, None) if x is None or y is None else (x, y)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    with suppress(OverflowError):
        return float(value) if math.isfinite(value) else None
    return None


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None
