"""The report of a session says what the window says, and where it is from."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibtool import __version__
from calibtool.errors import InputError
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.model.state.session import Point, Session
from calibtool.tasks.opening import open_image
from calibtool.tasks.report import report_content, save_report
from calibtool.tasks.series_row import SeriesRow
from calibtool.tasks.session_file import replayed
from tests.exposures import write_edf
from tests.model.rings import on_ring
from tests.tasks.frames import START, frame


def fitted(folder: Path, *, outlier: bool = False) -> Session:
    path = folder / "agbh.edf"
    write_edf(path, frame(START, 3))
    opened = open_image(str(path), 0, Settings())
    settings = replace(opened.settings, wavelength=Quantity(0.1, None, USER))
    clicks = on_ring(START, 9, noise_px=0.4, seed=2)
    if outlier:
        clicks[4] += 12.0
    points = tuple(Point(x, y, x, y) for x, y in clicks.tolist())
    return replayed(Session(image=opened.image, settings=settings, points=points))


def test_it_names_file_hash_version_and_date(tmp_path: Path) -> None:
    content = report_content(fitted(tmp_path), "2030-01-02 03:04 UTC")
    text = "\n".join((content.origin.title, *content.origin.lines))
    digest = hashlib.sha256((tmp_path / "agbh.edf").read_bytes()).hexdigest()
    for said in ("agbh.edf", digest, __version__, "2030-01-02 03:04 UTC", "240 × 256"):
        assert said in text


def test_every_number_of_the_result_is_there_with_sigma_and_source(tmp_path: Path) -> None:
    session = fitted(tmp_path)
    content = report_content(session, "")
    rows = {row.name: row for row in content.rows}
    assert session.result is not None
    best = session.result.best
    for name, value in (("Beam x", best.center_x_px), ("Radius", best.radius_px)):
        assert float(rows[name].value) == pytest.approx(value, abs=0.02)
        assert float(rows[name].sigma) > 0.0
        assert rows[name].source == "ring"
    assert rows["Wavelength"].source == "user"
    assert rows["Calibrant"].value.strip() == "AgBh"


def test_points_outliers_residuals_and_convergence_are_on_it(tmp_path: Path) -> None:
    content = report_content(fitted(tmp_path, outlier=True), "")
    assert [p.number for p in content.points if p.role == "outlier"] == [5]
    assert {curve.group for curve in content.convergence} == {"objective", "radius (px)"}
    assert len(content.sector_azimuth_deg) == len(content.sector_sigma_px) > 20
    assert np.abs(content.sector_azimuth_deg).max() > 150.0


def test_the_profile_peaks_at_the_ring_that_is_marked(tmp_path: Path) -> None:
    content = report_content(fitted(tmp_path), "")
    outer = content.profile_radius_px > 20.0
    peak = content.profile_radius_px[outer][np.nanargmax(content.profile_intensity[outer])]
    assert peak == pytest.approx(START.radius_px, abs=1.0)
    marked = dict(content.rings)
    assert marked["1"] == pytest.approx(START.radius_px, abs=0.1)
    assert marked["2"] > 1.99 * marked["1"]


def test_a_series_adds_its_drift(tmp_path: Path) -> None:
    rows = [
        SeriesRow(f"{n}.edf", 0, "ok", dx_px=0.1 * n, dy_px=-0.1 * n, dradius_px=0.0)
        for n in range(5)
    ]
    rows.insert(2, SeriesRow("bad.edf", 0, "failed", "damaged"))
    content = report_content(fitted(tmp_path), "", rows)
    assert content.drift is not None
    assert content.drift.place.tolist() == [1.0, 2.0, 4.0, 5.0, 6.0]
    assert content.drift.failed == (3,)
    assert [series.label for series in content.drift.series] == ["dx (px)", "dy (px)", "dR (px)"]
    assert content.drift.series[0].values.tolist() == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])
    assert any("bad.edf" in line for line in content.drift.lines)


def test_without_a_result_it_says_what_is_missing(tmp_path: Path) -> None:
    session = replace(fitted(tmp_path), result=None)
    with pytest.raises(InputError, match="fit its ring first"):
        save_report(session, str(tmp_path / "report.png"))
    assert not (tmp_path / "report.png").exists()
