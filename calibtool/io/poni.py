"""The ``.poni`` files of pyFAI and Dioptas.

pyFAI counts from the corner of the first pixel (index + 0.5). With orientation 3 its axes run
along the image as stored; with 1, 2 and 4 the vertical, the horizontal or both run against it.
"""

import json
import math
import os
import re
from dataclasses import dataclass, replace
from typing import Any

from calibtool.errors import InputError
from calibtool.io.atomic import read_text, write_file
from calibtool.io.calibration_data import CalibrationData, with_place
from calibtool.model.inputs import FARTHEST_PX
from calibtool.model.tilted_geometry import TiltedGeometry

GENERIC = "Detector"
_NEWEST = 3.0
_FARTHEST_M, _LONGEST_M, _LARGEST_PIXEL_M = 1e3, 1e-7, 0.01
# Behind a colon a comma between digits can be nothing else.
_DECIMAL_COMMA = re.compile(r"(:\s*\d+),(\d)")
_TURNED = 1.55
"""Rotation in rad, a little below a right angle, from which on no beam meets the detector."""


@dataclass(frozen=True)
class Poni:
    """What a ``.poni`` file says.

    ``counted`` is in index pixels along the axes of the file's ``orientation``; `geometry` in
    those of the image as stored. ``detector`` is None for the generic detector, ``shape`` =
    (rows, columns) where it is known.
    """

    counted: TiltedGeometry
    detector: str | None = None
    orientation: int = 3
    shape: tuple[int, int] | None = None
    version: float = 2.1
    calibrant: str | None = None
    image: str | None = None

    @property
    def geometry(self) -> TiltedGeometry | None:
        """On the image as stored; None where that needs the image's size and nobody knows it."""
        if self.orientation == 3:
            return self.counted
        return None if self.shape is None else self.counted.stored(self.orientation, self.shape)


def poni_text(calibration: CalibrationData) -> str:
    """Text of a ``.poni`` file of version 2.1, orientation 3.

    Raises
    ------
    InputError
        Where centre, distance or pixel size is not known.
    """
    place = calibration.position
    config: dict[str, Any] = {
        "pixel1": _metres(place.pixel_size_y_mm),
        "pixel2": _metres(place.pixel_size_x_mm),
        "orientation": 3,
    }
    if calibration.detector is None and calibration.shape is not None:
        config["max_shape"] = list(calibration.shape)
    lines = [
        "# Nota: C-Order, 1 refers to the Y axis, 2 to the X axis",
        f"# Calibrant: {_one_line(calibration.calibrant or 'unknown')}",
        f"# Image: {_one_line(calibration.image or 'unknown')}",
        "poni_version: 2.1",
        f"Detector: {calibration.detector or GENERIC}",
        f"Detector_config: {json.dumps(config)}",
        f"Distance: {float(place.distance_mm * 1e-3)!r}",
        f"Poni1: {float((place.poni_y_px + 0.5) * place.pixel_size_y_mm * 1e-3)!r}",
        f"Poni2: {float((place.poni_x_px + 0.5) * place.pixel_size_x_mm * 1e-3)!r}",
        f"Rot1: {float(place.rot1_rad)!r}",
        f"Rot2: {float(place.rot2_rad)!r}",
        f"Rot3: {float(place.rot3_rad)!r}",
    ]
    if place.wavelength_nm is not None:
        lines.append(f"Wavelength: {float(place.wavelength_nm * 1e-9)!r}")
    return "\n".join(lines) + "\n"


def write_poni(
    path: str | os.PathLike[str], calibration: CalibrationData, *, force: bool = False
) -> None:
    """Write a ``.poni`` file and read it back; errors as for :func:`poni_text` and writing."""

    def verify(data: bytes) -> None:
        parse_poni(data.decode("utf-8"), str(path))

    try:
        text = poni_text(calibration)
    except InputError as missing:
        raise InputError(f"Cannot write {path}. {missing}") from missing
    write_file(path, text, force=force, verify=verify)


def read_poni(path: str | os.PathLike[str]) -> Poni:
    """Read a ``.poni`` file of version 1, 2, 2.1 or 3, of any orientation.

    Parameters
    ----------
    path : str or path-like
        The file; of several calibrations in it the last one counts.

    Raises
    ------
    InputError
        Naming the file and what is wrong with it.
    """
    return parse_poni(read_text(path, "a .poni file"), str(path))


def parse_poni(text: str, name: str) -> Poni:
    """What the text of a ``.poni`` file says; errors as for :func:`read_poni`."""
    entries, remarks = _entries(text)
    if "poni1" not in entries or "distance" not in entries:
        raise InputError(f"{name} is not a .poni file: it has no Distance and Poni1.")
    version = _entry(entries, "poni_version", name, 1.0)
    if version > _NEWEST:
        raise InputError(f"{name} is of version {version:g}, which is newer than this program.")
    detector, config = _detector(entries, name)
    pixel_y, pixel_x, known_shape = _pixels(entries, detector, config, name)
    orientation = _orientation(config, name)
    wavelength = _entry(entries, "wavelength", name, 0.0) or None
    _check_possible(entries, wavelength, name)
    counted = TiltedGeometry(
        distance_mm=_entry(entries, "distance", name) * 1e3,
        poni_x_px=_entry(entries, "poni2", name) / pixel_x - 0.5,
        poni_y_px=_entry(entries, "poni1", name) / pixel_y - 0.5,
        pixel_size_x_mm=_millimetres(pixel_x),
        pixel_size_y_mm=_millimetres(pixel_y),
        rot1_rad=_entry(entries, "rot1", name, 0.0),
        rot2_rad=_entry(entries, "rot2", name, 0.0),
        rot3_rad=_entry(entries, "rot3", name, 0.0),
        wavelength_nm=None if wavelength is None else wavelength * 1e9,
    )
    if max(abs(counted.poni_x_px), abs(counted.poni_y_px)) > FARTHEST_PX:
        raise InputError(
            f"{name} has Poni1 and Poni2 (in m) more than {FARTHEST_PX:.0f} pixels from the "
            "detector; correct them in the file or calibrate anew."
        )
    return Poni(
        counted=counted,
        detector=None if detector in ("", GENERIC, "None") else detector,
        orientation=orientation,
        shape=known_shape,
        version=version,
        calibrant=_calibrant(remarks.get("calibrant", "")),
        image=remarks.get("image"),
    )


def calibration_of_poni(poni: Poni) -> CalibrationData:
    """Return the calibration that a ``.poni`` file is."""
    names = ("center_x_px", "center_y_px", "distance_mm", "pixel_size_mm", "wavelength_nm")
    known = CalibrationData(
        shape=poni.shape,
        calibrant=poni.calibrant,
        detector=poni.detector,
        sources=dict.fromkeys(names, ".poni file"),
    )
    if poni.geometry is not None:
        return with_place(known, poni.geometry)
    return replace(
        known,
        geometry=poni.counted,
        orientation=poni.orientation,
        distance_mm=poni.counted.beam_distance_mm,
        pixel_size_mm=poni.counted.pixel_size_x_mm,
        wavelength_nm=poni.counted.wavelength_nm,
    )


def _calibrant(remark: str) -> str | None:
    """Name in a remark like ``AgBh Calibrant with 49 reflections``."""
    words = remark.split()
    return words[0] if words and words[0].lower() not in ("unknown", "none") else None


def _check_possible(entries: dict[str, str], wavelength: float | None, name: str) -> None:
    distance = _entry(entries, "distance", name)
    if not 0.0 < distance <= _FARTHEST_M:
        raise InputError(
            f"{name} has the Distance {distance:g} m, which no detector has; correct it in the "
            "file or calibrate anew."
        )
    if wavelength is not None and not 0.0 < wavelength <= _LONGEST_M:
        raise InputError(
            f"{name} has the Wavelength {wavelength:g} m, which is not that of X-rays; correct it "
            "in the file."
        )
    if max(abs(_entry(entries, rotation, name, 0.0)) for rotation in ("rot1", "rot2")) > _TURNED:
        raise InputError(
            f"{name} has Rot1 and Rot2 with which the beam never meets the detector (in rad); "
            "calibrate anew."
        )


def _orientation(config: dict[str, Any], name: str) -> int:
    orientation = config.get("orientation") or 3
    if orientation not in (1, 2, 3, 4):
        raise InputError(f"{name} has orientation {orientation}; there are 1, 2, 3 and 4.")
    return int(orientation)


def _entries(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Entries and remarks by their names in lower case; a later one replaces an earlier."""
    entries: dict[str, str] = {}
    remarks: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, value = line.strip().partition(":")
        if not colon:
            continue
        target = remarks if key.startswith("#") else entries
        target[key.lstrip("# ").strip().lower()] = value.strip()
    return entries, remarks


def _entry(entries: dict[str, str], key: str, name: str, default: float | None = None) -> float:
    text = entries.get(key, "None")
    if text == "None" and default is not None:
        return default
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{name} has {text!r} where the number {key} is expected.")
    return value


def _detector(entries: dict[str, str], name: str) -> tuple[str, dict[str, Any]]:
    text = _DECIMAL_COMMA.sub(r"\1.\2", entries.get("detector_config", "{}"))
    try:
        config = json.loads(text)
    except ValueError:
        config = None
    if not isinstance(config, dict):
        raise InputError(f"{name} has a Detector_config that is damaged (not JSON).")
    return entries.get("detector", ""), config


def _pixels(
    entries: dict[str, str], detector: str, config: dict[str, Any], name: str
) -> tuple[float, float, tuple[int, int] | None]:
    """Pixel sizes y and x in m and the shape, from the file, else from pyFAI's detector."""
    sizes = [config.get(f"pixel{i}") or _entry(entries, f"pixelsize{i}", name, 0.0) for i in (1, 2)]
    known = _shape(config.get("max_shape"), name)
    if detector in ("", GENERIC, "None") or (all(sizes) and config.get("orientation", 3) == 3):
        if not all(isinstance(size, float) and 0 < size <= _LARGEST_PIXEL_M for size in sizes):
            raise InputError(f"{name} says no pixel size (in m) that a detector can have.")
        return sizes[0], sizes[1], known
    return _ask_pyfai(detector, config, name)


def _shape(shape: Any, name: str) -> tuple[int, int] | None:
    if shape is None:
        return None
    whole = isinstance(shape, list) and len(shape) == 2 and all(type(n) is int for n in shape)
    if not whole or min(shape) < 1:
        raise InputError(f"{name} has a max_shape that is not two numbers of pixels.")
    return shape[0], shape[1]


def _ask_pyfai(
    detector: str, config: dict[str, Any], name: str
) -> tuple[float, float, tuple[int, int] | None]:
    from calibtool.quiet import quiet_libraries

    try:
        with quiet_libraries():
            from pyFAI.detectors import detector_factory

            known = detector_factory(detector, config)
    except ImportError as error:
        raise InputError(
            f"{name} is for the detector {detector}, whose pixel size is known to pyFAI only, "
            "which is not installed (pip install pyFAI)."
        ) from error
    except Exception as error:
        raise InputError(f"{name} is for the detector {detector}, which is unknown.") from error
    shape = known.shape
    return known.pixel1, known.pixel2, None if shape is None else (int(shape[0]), int(shape[1]))


def _metres(mm: float) -> float:
    return float(f"{mm * 1e-3:.15g}")


def _millimetres(m: float) -> float:
    return float(f"{m * 1e3:.15g}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
