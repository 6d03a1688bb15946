"""The unrolled image in the real window: asked for by a key, its ring straight on its line."""

from pathlib import Path

import numpy as np
import pytest

from calibtool.scene import UnrolledView
from calibtool.view.unrolled_panel import seen_azimuths
from tests.app.driver import Driver
from tests.app.rings import SMALL


def test_a_key_shows_the_strip_with_the_fitted_ring_on_its_line(
    program: Driver, image: Path
) -> None:
    program.open(image)
    panel = program.workspace.unrolled
    assert program.scene.unrolled.mean is None, "nothing is unrolled before it is looked at"
    program.key("u")
    program.until(lambda: program.scene.unrolled.mean is not None, "the unrolled image")
    program.until(lambda: panel.plot.find_withtag("picture"), "its picture")
    view = program.scene.unrolled
    (ring,) = [ring for ring in view.rings if ring.shown]
    assert view.mean is not None
    radius = np.linspace(view.low_px, view.high_px, 2 * len(view.mean) + 1)[1::2]
    profile = np.nanmean(view.mean, axis=1)
    weight = profile - profile.min()
    assert abs((weight * radius).sum() / weight.sum() - ring.radius_px) < 0.1
    high, low = panel.plot.position(0, ring.radius_px + 0.1), panel.plot.position(0, ring.radius_px)
    assert low[1] - high[1] >= 1.0, "a tenth of a pixel is a pixel of the screen"
    program.key("u")
    assert not program.workspace.drawer.opened


def test_all_rings_are_one_click_away_and_the_strip_follows_the_image(
    program: Driver, image: Path
) -> None:
    program.open(image)
    program.key("u")
    program.until(lambda: program.scene.unrolled.mean is not None, "the unrolled image")
    near = program.scene.unrolled
    program.press(program.workspace.unrolled.whole)
    program.until(lambda: program.scene.unrolled.mean is not None, "the strip of all rings")
    far = program.scene.unrolled
    assert far.whole
    assert far.high_px - far.low_px > near.high_px - near.low_px
    program.open(image)
    program.until(lambda: program.scene.unrolled.mean is not None, "the strip of the new image")
    assert program.scene.unrolled.mean is not far.mean


def test_points_lie_on_the_strip_where_the_picture_has_them(program: Driver, image: Path) -> None:
    program.open(image)
    program.key("p", "o")
    for turn in (0.4, 1.5, 2.6, 3.7, 4.9):
        x, y = np.cos(turn), np.sin(turn)
        program.click_image(
            SMALL.center_x_px + SMALL.radius_px * x, SMALL.center_y_px + SMALL.radius_px * y
        )
    program.press_button("done")
    program.idle()
    program.key("u")
    program.until(lambda: program.scene.unrolled.points, "points on the strip")
    for mark, point in zip(program.scene.points, program.scene.unrolled.points, strict=True):
        assert mark.residual_px is not None
        assert mark.azimuth_deg is not None
        assert abs((point.azimuth_deg - mark.azimuth_deg + 180.0) % 360.0 - 180.0) < 1.0
        assert abs(point.radius_px - SMALL.radius_px - mark.residual_px) < 0.3
        assert point.role == mark.role


def test_the_peaks_seen_in_the_sectors_are_on_the_strip(program: Driver, image: Path) -> None:
    program.open(image)
    program.key("u")
    program.until(lambda: program.scene.unrolled.mean is not None, "the unrolled image")
    view = program.scene.unrolled
    assert len(view.sectors) == len(program.scene.strip.sector_residual_px) > 10
    assert abs(np.median([radius for _, radius in view.sectors]) - SMALL.radius_px) < 0.1


def test_a_strip_of_an_arc_shows_the_azimuths_of_the_arc() -> None:
    mean = np.full((8, 36), np.nan)
    mean[:, 24:30] = 1.0
    assert seen_azimuths(UnrolledView(mean=mean)) == pytest.approx((60.0, 120.0))
    assert seen_azimuths(UnrolledView()) == (-180.0, 180.0)
