"""Radial profiles of the images of a series, one CSV each."""

import hashlib
import io
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from calibtool.instruments.cache import has_pyfai
from calibtool.io.atomic import write_file
from calibtool.model.circle import BoolArray, Circle, FloatArray, reach_px
from calibtool.model.image import Image
from calibtool.model.rings.profiles import radial_profile
from calibtool.quiet import quiet_libraries
from calibtool.tasks.reference import Reference

Columns = tuple[str, Iterable[FloatArray]]


def profile_path(folder: str, file: str, frame: int, n_frames: int) -> str:
    """Where the profile of a frame goes.

    Named after the file, and after its folder by eight digits, so that images of the same
    name in two folders do not meet.
    """
    path = Path(file.replace("::", "_").replace("/", os.sep))
    place = hashlib.sha256(str(Path(file).parent).encode()).hexdigest()[:8]
    number = f"_{frame:05d}" if n_frames > 1 else ""
    return str(Path(folder) / f"{path.name}{number}_{place}.csv")


def write_profile(
    path: str,
    image: Image,
    mask: BoolArray,
    center: tuple[float, float],
    reference: Reference,
) -> None:
    """Write the mean intensity against q where geometry and pyFAI are there, else against radius.

    Columns ``q_nm-1, intensity, sigma`` (pyFAI's azimuthal integration with solid angle,
    Poisson errors), or ``radius_px, intensity, sigma`` (σ of the mean from the scatter).

    Raises
    ------
    InputError
        The file cannot be written.
    """
    header, columns = _integrated(image, mask, center, reference)
    text = io.StringIO()
    text.write(header + "\n")
    for values in zip(*columns, strict=True):
        text.write(",".join("" if math.isnan(v) else f"{v:.8g}" for v in values) + "\n")
    write_file(path, text.getvalue(), force=True)


def _integrated(
    image: Image, mask: BoolArray, center: tuple[float, float], reference: Reference
) -> Columns:
    wavelength, pixel, distance = (
        reference.wavelength_nm,
        reference.pixel_size_mm,
        reference.distance_mm,
    )
    reach = reach_px(image.data.shape, Circle(*center, 0.0))
    if wavelength is None or pixel is None or distance is None or not has_pyfai():
        profile = radial_profile(image.data, mask, center, 0.0, reach)
        sigma = (profile.variance / profile.count.clip(min=1.0)) ** 0.5
        return "radius_px,intensity,sigma", (profile.radius_px, profile.intensity, sigma)
    result = _integrator(center, wavelength, pixel, distance).integrate1d(
        image.data,
        max(int(reach), 1),
        mask=mask.astype(np.int8),  # a copy: pyFAI cannot take a read-only array
        unit="q_nm^-1",
        error_model="poisson",
        # No table of pixels is kept: it would be of use for one frame only.
        method=("bbox", "histogram", "cython"),
    )
    return "q_nm-1,intensity,sigma", (result.radial, result.intensity, result.sigma)


def _integrator(
    center: tuple[float, float], wavelength_nm: float, pixel_mm: float, distance_mm: float
) -> Any:
    with quiet_libraries():
        from pyFAI.integrator.azimuthal import AzimuthalIntegrator

    # pyFAI counts in metres from the corner of the first pixel.
    pixel = 1e-3 * pixel_mm
    return AzimuthalIntegrator(
        dist=1e-3 * distance_mm,
        poni1=(center[1] + 0.5) * pixel,
        poni2=(center[0] + 0.5) * pixel,
        pixel1=pixel,
        pixel2=pixel,
        wavelength=1e-9 * wavelength_nm,
    )
