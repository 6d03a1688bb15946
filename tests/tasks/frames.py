"""Simulated series with a known drift, and the accidents that happen to files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibtool.io.calibration import Calibration
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts
from tests.exposures import write_edf

SHAPE = (256, 240)
START = Circle(118.3, 131.7, 74.2)
D_NM = 5.838


@dataclass(frozen=True)
class Series:
    """Folder with frames, the truth of each good one, and why the bad ones are bad."""

    folder: Path
    truth: dict[str, Circle]
    bad: dict[str, str]
    calibration: Path


N_FRAMES = 120
"""In the series that is measured by processes."""


def drifted(number: int) -> Circle:
    """Where the ring of a frame is: the beam wanders, the sample heats."""
    return Circle(
        START.center_x_px + 0.012 * number,
        START.center_y_px + 0.8 * np.sin(number / 25.0),
        START.radius_px - 0.003 * number,
    )


def frame(circle: Circle | None, seed: int, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Counts of one frame; None is a frame without a ring."""
    rings = [] if circle is None else [RingShape(circle, sigma_px=2.2, amplitude=60.0)]
    expected = expected_counts(shape, rings, background=6.0)
    return np.random.default_rng(seed).poisson(expected).astype(np.int32)


def write_series(folder: Path, n_frames: int, *, accidents: bool = True) -> Series:
    """Write frames ``run_0.edf`` … as an instrument would, numbers without leading zeros.

    With ``accidents`` each 40th file is cut short, each 40th has another shape and each 100th
    shows no ring; the first frame is good.
    """
    images = folder / "images"
    images.mkdir(parents=True)
    truth: dict[str, Circle] = {}
    bad: dict[str, str] = {}
    for number in range(n_frames):
        path = images / f"run_{number}.edf"
        kind = _accident(number) if accidents else None
        circle = drifted(number)
        if kind == "ring":
            write_edf(path, frame(None, number))
        elif kind == "pixels":
            write_edf(path, frame(circle, number, (240, 256)))
        else:
            write_edf(path, frame(circle, number))
        if kind == "truncated":
            path.write_bytes(path.read_bytes()[:100_000])
        if kind is None:
            truth[str(path)] = circle
        else:
            bad[str(path)] = kind
    return Series(images, truth, bad, write_calibration(folder / "calibration.json"))


def _accident(number: int) -> str | None:
    if number % 100 == 37:
        return "ring"
    return {11: "truncated", 23: "pixels"}.get(number % 40)


def write_calibration(path: Path, circle: Circle = START) -> Path:
    Calibration(
        shape=SHAPE,
        center_x_px=circle.center_x_px,
        center_y_px=circle.center_y_px,
        radius_px=circle.radius_px,
        d_spacing_nm=D_NM,
        calibrant="AgBh",
        ring=1,
    ).save(path)
    return path
