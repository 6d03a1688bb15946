"""Images a second of a series on 1 and 2 cores, and what the fit adds to reading.

1 Mpx frames (1043 × 981, CBF as the detectors write it) with the ring near the calibration.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from calibtool.io.images import load_image
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts
from calibtool.tasks.executors import processes
from calibtool.tasks.measure import SeriesOptions, measure_file
from calibtool.tasks.reference import Reference
from calibtool.tasks.series import process
from calibtool.tasks.series_start import with_template
from tests.bench.figures import Figure

SHAPE = (1043, 981)
CIRCLE = Circle(498.4, 521.8, 231.4)
N_IMAGES, N_SERIES = 24, 120
ALLOWED = 3.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        files = _write(Path(folder))
        reference = with_template(Reference(CIRCLE, shape=SHAPE), files)
        bare, load, whole = _seconds(
            files,
            (
                _open_bare,
                load_image,
                lambda file: measure_file(file, 0, reference, SeriesOptions()),
            ),
        )
        figures = [
            Figure("CBF 1 Mpx: fabio.open", 1e3 * bare, "ms"),
            Figure("  opened with masks and header", 1e3 * load, "ms", peer=1e3 * bare,
                   peer_name="fabio.open"),
            Figure("  opened, followed and fitted", 1e3 * whole, "ms", peer=1e3 * bare,
                   peer_name="fabio.open"),
            Figure("  the fit alone, over fabio.open", (whole - load) / bare, limit=ALLOWED),
            Figure("  masks, header and fit, over fabio.open", (whole - bare) / bare),
        ]  # fmt: skip
        many = [str(_link(file, n)) for n in range(N_SERIES // N_IMAGES) for file in files]
        for n_jobs in (1, 2):
            rate = _rate(many, reference, n_jobs)
            figures.append(
                Figure(
                    f"series on {n_jobs} {'core' if n_jobs == 1 else 'cores'}",
                    rate,
                    "images/s",
                    peer=n_jobs / bare,
                    peer_name="fabio.open alone",
                )
            )
    return figures


def _write(folder: Path) -> list[str]:
    from fabio.cbfimage import CbfImage

    expected = expected_counts(SHAPE, [RingShape(CIRCLE, 3.0, 80.0)], 5.0)
    rng = np.random.default_rng(1)
    files = []
    for number in range(N_IMAGES):
        path = folder / f"frame_{number:03d}.cbf"
        CbfImage(data=rng.poisson(expected).astype(np.int32)).write(str(path))
        files.append(str(path))
    return files


def _link(file: str, number: int) -> Path:
    path = Path(file).with_name(f"{number}_{Path(file).name}")
    if not path.exists():
        shutil.copyfile(file, path)
    return path


def _open_bare(file: str) -> object:
    import fabio

    with fabio.open(file) as image:
        return image.data


def _seconds(
    files: list[str], reads: tuple[Callable[[str], object], ...]
) -> tuple[float, ...]:
    """Lower quartile of the seconds a file, for each way of reading it, taken in turns."""
    times: list[list[float]] = [[] for _ in reads]
    for file in [files[0], *files, *files]:
        for read, taken in zip(reads, times, strict=True):
            start = time.perf_counter()
            read(file)
            taken.append(time.perf_counter() - start)
    return tuple(float(np.percentile(taken[1:], 25)) for taken in times)


def _rate(files: list[str], reference: Reference, n_jobs: int) -> float:
    """Images a second between the first and the last row, so without starting processes."""
    with processes(n_jobs) as executor:
        rows = process(files, reference, SeriesOptions(), executor, n_jobs=n_jobs)
        next(rows)
        start = time.perf_counter()
        n = sum(1 for _ in rows)
        return n / (time.perf_counter() - start)
