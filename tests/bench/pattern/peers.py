"""pyFAI on the same clean patterns: control points from the true start, then its refinement."""

import logging
import time
import warnings
from typing import Any

import numpy as np

from calibtool.model.tilted_geometry import TiltedGeometry
from tests.bench.figures import Figure
from tests.bench.pattern.accuracy import errors_and_sigma
from tests.bench.pattern.extent import QUICK
from tests.bench.pattern.settings import PIXEL_MM, Setting, clean
from tests.patterns.bound import bound
from tests.patterns.geometry import FloatArray, Geometry

DRAWS = 2 if QUICK else 6
PARTS = {"beam": slice(0, 2), "distance": slice(2, 3), "tilt": slice(3, 5)}


def pyfai(image: Any, setting: Setting) -> FloatArray:
    """Errors (5,) of pyFAI, started at the truth, wavelength fixed."""
    from pyFAI.calibrant import Calibrant
    from pyFAI.detectors import detector_factory
    from pyFAI.geometry import Geometry as Theirs
    from pyFAI.goniometer import SingleGeometry

    pattern, place = setting.pattern, setting.pattern.geometry
    metre = 1e-3 * PIXEL_MM
    shape = list(pattern.shape)
    detector = detector_factory(
        "Detector", {"pixel1": metre, "pixel2": metre, "max_shape": shape, "orientation": 3}
    )
    start = Theirs(*_poni(place), detector=detector, wavelength=1e-9 * pattern.wavelength_nm)
    rings = [pattern.d_nm[ring.line] * 10 for ring in pattern.rings()]
    calibrant = Calibrant(dspacing=rings, wavelength=1e-9 * pattern.wavelength_nm)
    single = SingleGeometry("x", image, calibrant=calibrant, detector=detector, geometry=start)
    single.extract_cp(max_rings=len(rings), pts_per_deg=1.0)
    refinement = single.geometry_refinement
    refinement.refine2(10000, fix=["wavelength"])
    return _errors(refinement, place)


def _poni(place: Geometry) -> list[float]:
    s_x, s_y, s_z = place.direction
    rot1 = float(np.arctan2(-s_x, s_z))
    metre = 1e-3 * place.pixel_mm
    return [
        1e-3 * place.distance_mm * s_z,
        (place.beam_y_px + 0.5 - place.distance_px * s_y) * metre,
        (place.beam_x_px + 0.5 - place.distance_px * s_x) * metre,
        rot1,
        float(np.arctan2(s_y * np.cos(rot1), s_z)),
        0.0,
    ]


def _errors(theirs: Any, truth: Geometry) -> FloatArray:
    metre = 1e-3 * truth.pixel_mm
    ours = TiltedGeometry(
        distance_mm=1e3 * theirs.dist,
        poni_x_px=theirs.poni2 / metre - 0.5,
        poni_y_px=theirs.poni1 / metre - 0.5,
        pixel_size_x_mm=truth.pixel_mm,
        pixel_size_y_mm=truth.pixel_mm,
        rot1_rad=theirs.rot1,
        rot2_rad=theirs.rot2,
    )
    s_x = -np.sin(theirs.rot1) * np.cos(theirs.rot2)
    s_y = np.sin(theirs.rot2)
    found = [ours.center_x_px, ours.center_y_px, ours.beam_distance_mm, s_x, s_y]
    return np.array(found) - truth.vector


def run() -> list[Figure]:
    """pyFAI's and our errors on the same images, over the bound; seconds a fit."""
    from calibtool import calibrate

    logging.disable(logging.CRITICAL)
    rows: dict[str, list[FloatArray]] = {"pyFAI": [], "calibtool": []}
    times: dict[str, list[float]] = {"pyFAI": [], "calibtool": []}
    for number, setting in enumerate(clean()):
        if number % 3:
            continue
        expected = setting.pattern.expected()
        least = bound(setting.pattern, expected).sigma()[:5]
        for draw in range(DRAWS):
            image = setting.detector.read(expected, np.random.default_rng([2026, number, draw]))
            start = time.perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                rows["pyFAI"].append(pyfai(image, setting) / least)
            times["pyFAI"].append(time.perf_counter() - start)
            start = time.perf_counter()
            fit = calibrate(image, **setting.given)
            times["calibtool"].append(time.perf_counter() - start)
            rows["calibtool"].append(errors_and_sigma(fit, setting)[0] / least)
    logging.disable(logging.NOTSET)
    figures = []
    for name, part in PARTS.items():
        ours, theirs = (
            float(np.sqrt(np.nanmedian(np.square(np.array(rows[who])[:, part]))) / 0.6745)
            for who in ("calibtool", "pyFAI")
        )
        title = f"{name}, error / bound (from the median)"
        figures.append(Figure(title, ours, peer=theirs, peer_name="pyFAI"))
    ours, theirs = (float(np.median(times[who])) for who in ("calibtool", "pyFAI"))
    return [*figures, Figure("time a fit", ours, "s", peer=theirs, peer_name="pyFAI")]
