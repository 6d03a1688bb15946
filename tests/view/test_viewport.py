"""Image and canvas coordinates agree with each other and with the convention of pixel centres."""

import pytest

from calibtool.view.viewport import LARGEST_SCALE, Viewport

SIZES = [(300, 200), (301, 201), (300, 201), (1, 1)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("scale", [0.11, 1.0, 2.0, 7.3, 64.0])
def test_there_and_back_is_the_same_position(width: int, height: int, scale: float) -> None:
    view = Viewport.around(width, height, 12.25, -3.5, scale)
    assert view.to_image(*view.to_canvas(7.125, 99.5)) == pytest.approx((7.125, 99.5), abs=1e-9)
    assert view.centre == pytest.approx((12.25, -3.5), abs=1e-9)


def test_the_screen_pixels_of_an_image_pixel_lie_evenly_about_its_centre() -> None:
    view = Viewport(400, 400, x0=-0.5 + 0.5 / 4, y0=0, scale=4)
    positions = [view.to_image(c, 0)[0] for c in range(8)]
    assert sum(positions[:4]) / 4 == pytest.approx(0)
    assert sum(positions[4:]) / 4 == pytest.approx(1)


def test_zoom_keeps_the_position_under_the_pointer_and_stays_within_limits() -> None:
    view = Viewport.fitted(301, 200, (50, 80))
    under = view.to_image(17, 150)
    for factor in (1.25, 0.3, 100.0):
        view = view.zoomed(factor, 17, 150, smallest=0.5)
        assert view.to_image(17, 150) == pytest.approx(under)
        assert 0.5 <= view.scale <= LARGEST_SCALE


@pytest.mark.parametrize("shape", [(50, 80), (4362, 4148), (3, 3000)])
def test_a_fitted_view_shows_every_corner(shape: tuple[int, int]) -> None:
    view = Viewport.fitted(333, 200, shape)
    for x, y in ((-0.5, -0.5), (shape[1] - 0.5, shape[0] - 0.5)):
        canvas_x, canvas_y = view.to_canvas(x, y)
        assert -0.5 - 1e-9 <= canvas_x <= 332.5 + 1e-9
        assert -0.5 - 1e-9 <= canvas_y <= 199.5 + 1e-9


def test_the_middle_of_the_canvas_is_kept_on_the_image() -> None:
    view = Viewport.around(300, 200, 500.0, -80.0, 2.0).kept_inside((100, 120))
    assert view.centre == pytest.approx((119.5, -0.5))
    inside = Viewport.around(300, 200, 50.0, 60.0, 2.0)
    assert inside.kept_inside((100, 120)) == inside
