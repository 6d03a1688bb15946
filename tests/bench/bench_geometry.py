"""Geometry beside pyFAI itself: angles of a written ``.poni``, beam centre, tilt of a real image.

The real image and its ``.poni`` are measured where they are at hand.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from calibtool import load_image
from calibtool.instruments.calibrants import find_calibrant
from calibtool.io.calibration import Calibration
from calibtool.io.poni import read_poni, write_poni
from calibtool.model.circle import Circle
from calibtool.model.tilted_geometry import TiltedGeometry
from calibtool.tasks.tilt import refine_tilt
from tests.bench.figures import Figure
from tests.conftest import REAL_DATA

SHAPE = (1043, 981)
N_GEOMETRIES = 20
N_PIXELS = 1000


def run() -> list[Figure]:
    return [*_against_pyfai(), *_against_a_real_poni()]


def _against_pyfai() -> list[Figure]:
    from pyFAI.detectors import detector_factory
    from pyFAI.geometry import Geometry

    rng = np.random.default_rng(17)
    angle, centre, turned = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for index in range(N_GEOMETRIES):
            place = _random_place(rng)
            x, y = rng.uniform(0, SHAPE[1] - 1, N_PIXELS), rng.uniform(0, SHAPE[0] - 1, N_PIXELS)
            path = Path(folder, f"{index}.poni")
            write_poni(path, Calibration(shape=SHAPE, geometry=place, wavelength_nm=0.1))
            theirs = Geometry()
            theirs.load(str(path))
            angle.append(_difference(theirs, place, x, y))
            fit2d = theirs.getFit2D()
            centre.append(abs(fit2d["centerX"] - 0.5 - place.center_x_px))
            centre.append(abs(fit2d["centerY"] - 0.5 - place.center_y_px))
            config = {"pixel1": 1e-4, "pixel2": 1e-4, "max_shape": SHAPE}
            config["orientation"] = index % 4 + 1
            turned_geometry = Geometry(
                *rng.uniform(0.02, 0.2, 3),
                *rng.uniform(-0.1, 0.1, 3),
                detector=detector_factory("Detector", config),
            )
            turned_path = Path(folder, f"turned_{index}.poni")
            turned_geometry.save(str(turned_path))
            turned.append(_difference(turned_geometry, read_poni(turned_path).geometry, x, y))
    return [
        Figure("written .poni: largest difference in 2θ to pyFAI", max(angle), "rad", 1e-9),
        Figure("written .poni: beam centre by getFit2D − 0.5 to ours", max(centre), "px", 1e-6),
        Figure("read .poni, four orientations: difference in 2θ", max(turned), "rad", 1e-9),
    ]


def _random_place(rng: np.random.Generator) -> TiltedGeometry:
    pixel = float(rng.uniform(0.05, 0.2))
    return TiltedGeometry(
        distance_mm=float(rng.uniform(100, 5000)),
        poni_x_px=float(rng.uniform(-500, 1500)),
        poni_y_px=float(rng.uniform(-500, 1500)),
        pixel_size_x_mm=pixel,
        pixel_size_y_mm=pixel,
        rot1_rad=float(rng.uniform(-0.2, 0.2)),
        rot2_rad=float(rng.uniform(-0.2, 0.2)),
        rot3_rad=float(rng.uniform(-3, 3)),
    )


def _difference(theirs: Any, ours: TiltedGeometry, x: np.ndarray, y: np.ndarray) -> float:
    return float(np.abs(theirs.tth(y, x, path="numpy") - ours.two_theta_rad(x, y)).max())


def _against_a_real_poni() -> list[Figure]:
    parents = Path(__file__).resolve().parents
    folder = next(
        (p / REAL_DATA for p in parents if (p / REAL_DATA / "references.json").exists()), None
    )
    if folder is None:
        return []
    path = folder / "pilatus1m_ceo2.tif"
    image = load_image(path)
    truth = read_poni(folder / "pilatus1m_ceo2_flipped.poni").geometry
    ceria, figures = find_calibrant("CeO2"), []
    for name, rings in (("rings 1 and 2", 2), ("all rings", len(ceria.d_nm))):
        fit = refine_tilt(
            image,
            Circle(487.28, 529.83, 158.96),
            replace(ceria, d_nm=ceria.d_nm[:rings]),
            ring=1,
            wavelength_nm=0.04066,
            pixel_size_mm=0.172,
        )
        # The .poni is of the image flipped up-down.
        off_y = fit.center_y_px - (SHAPE[0] - 1 - truth.center_y_px)
        off = float(np.hypot(fit.center_x_px - truth.center_x_px, off_y))
        percent = 100 * abs(fit.distance_mm / truth.beam_distance_mm - 1)
        tilt = abs(fit.tilt_deg - truth.tilt_deg)
        figures += [
            Figure(f"CeO2, {name}: distance to the image's .poni", percent, "%", 0.1),
            Figure(f"CeO2, {name}: beam centre", off, "px", 0.3),
            Figure(f"CeO2, {name}: tilt", tilt, "°"),
        ]
    ours, bare = _median_ms(lambda: load_image(path)), _median_ms(lambda: _bare_fabio(path))
    return [
        *figures,
        Figure(
            "load a Pilatus 1M TIFF with header and mask", ours, "ms", None, False, bare, "fabio"
        ),
    ]


def _bare_fabio(path: Path) -> None:
    import fabio

    with fabio.open(str(path)) as file:
        _ = file.data


def _median_ms(job: Callable[[], object], n: int = 9) -> float:
    taken = []
    for _ in range(n):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)
