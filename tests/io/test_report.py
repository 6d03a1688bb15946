"""The report: right kind of file, one page, everything said on it, and what stops it is named."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from calibtool.errors import InputError
from calibtool.io.report import write_drift, write_report
from calibtool.io.report_content import DriftContent, DriftSeries, Origin, ReportContent
from calibtool.io.report_image import FIT, stretched
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts
from calibtool.scene import Curve, PointMark, ResultRow, RingMark

CIRCLE = Circle(140.3, 118.6, 61.4)


def content() -> ReportContent:
    data = expected_counts((240, 280), [RingShape(CIRCLE, 2.0, 90.0)], 5.0)
    mask = np.zeros(data.shape, dtype=bool)
    mask[100:110] = True
    azimuth = np.arange(-175.0, 180.0, 10.0)
    radius = np.arange(0.0, 180.0)
    return ReportContent(
        origin=Origin("run_$7$_ü.edf", ("SHA-256: " + "ab" * 32, "calibtool 0.1.0")),
        data=data,
        mask=mask,
        circle=CIRCLE,
        orders=(RingMark(CIRCLE.center_x_px, CIRCLE.center_y_px, 122.8, "order", "2"),),
        points=(
            PointMark(1, 201, 118, 201.7, 118.6, True, "inlier", 0.0, 0.0),
            PointMark(2, 140, 188, 140.0, 188.0, True, "outlier", 8.0, 90.0),
        ),
        sector_azimuth_deg=azimuth,
        sector_residual_px=0.1 * np.cos(np.radians(azimuth)),
        sector_sigma_px=np.full(azimuth.shape, 0.05),
        convergence=(
            Curve("start 0", (0.0, 1.0, 2.0), (9.0, 1.0, 0.5), group="objective", log=True),
            Curve("start 0", (0.0, 1.0, 2.0), (60.0, 61.0, 61.4), group="radius (px)"),
        ),
        profile_radius_px=radius,
        profile_intensity=5.0 + 90.0 * np.exp(-0.125 * (radius - 61.4) ** 2),
        rings=(("1", 61.4), ("2", 122.8)),
        rows=(ResultRow("Beam x", "140.30", "px", "0.02", "fit of the whole ring"),),
        verdict="Good: centre ±0.02 px.",
        level="good",
        warnings=("The ring is not a circle: see there.",),
    )


def drift() -> DriftContent:
    n = 30
    place = np.arange(1.0, n + 1)
    sigma = np.full(n, 0.02)
    sigma[3] = np.nan
    values = 0.01 * place
    series = (
        DriftSeries("dx (px)", values, sigma),
        DriftSeries("dy (px)", -values, sigma),
        DriftSeries("distance (mm)", 300.0 + values, sigma, change=False),
    )
    return DriftContent(Origin("series"), place, series, (5, 9), ("30",))


def test_the_png_is_an_a4_page_on_which_the_circle_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    write_report(path, content())
    with Picture.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
        width, height = picture.size
    assert height / width == pytest.approx(297 / 210, rel=0.002)
    colour = np.array([int(FIT[i : i + 2], 16) for i in (1, 3, 5)])
    y, x = np.nonzero(np.abs(pixels - colour).sum(axis=2) < 12)
    upper_left = (y < height / 2) & (x < width / 2)
    drawn = np.ptp(x[upper_left])
    # The image is 280 px wide in a frame of 0.48 of the page; its circle keeps its share.
    assert drawn == pytest.approx(0.48 * width * 2 * CIRCLE.radius_px / 280, rel=0.03)


def test_the_pdf_has_one_page(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_report(path, replace(content(), drift=drift()))
    bytes_ = path.read_bytes()
    assert bytes_.startswith(b"%PDF-")
    assert bytes_.count(b"/Type /Page ") == 1


def test_without_points_profile_and_warnings_there_is_still_a_page(tmp_path: Path) -> None:
    bare = ReportContent(
        Origin("bare"), np.zeros((40, 30), np.uint16), np.ones((40, 30), bool), CIRCLE
    )
    write_report(tmp_path / "bare.png", bare)
    assert (tmp_path / "bare.png").stat().st_size > 10_000


def test_the_drift_has_a_page_of_its_own(tmp_path: Path) -> None:
    write_drift(tmp_path / "drift.png", drift())
    with Picture.open(tmp_path / "drift.png") as picture:
        assert picture.size[1] > picture.size[0]


def test_a_file_that_exists_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"report\.png.*exists"):
        write_report(path, content())
    assert path.read_text() == "mine"
    write_report(path, content(), force=True)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_another_ending_and_another_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"report\.docx.*\.pdf or \.png"):
        write_report(tmp_path / "report.docx", content())
    with pytest.raises(InputError, match=r"nowhere"):
        write_report(tmp_path / "nowhere" / "report.png", content())


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match="pip install matplotlib"):
        write_report(tmp_path / "report.png", content())


def test_reduction_of_the_image_keeps_means_and_leaves_masked_blocks_empty() -> None:
    data = np.ones((2600, 1300))
    data[:, 650:] = 3.0
    mask = np.zeros(data.shape, dtype=bool)
    mask[:30, :30] = True
    data[mask] = 1e9
    small = stretched(data, mask)
    assert max(small.shape) <= 1200
    assert np.isnan(small[:10, :10]).all()
    assert np.nanmax(small) <= 1.01
    assert len(np.unique(np.round(small[np.isfinite(small)], 6))) <= 3
