"""The chief numbers say what they are, also where something is not measured."""

from dataclasses import replace

import pytest

from calibtool import calibrate, fit_circle
from calibtool.model.demo import demo_image
from calibtool.model.pattern.pattern_fit import PatternFit
from calibtool.model.results import FitWarning
from calibtool.model.settings import DEFAULT, Settings
from calibtool.model.state.session import Result, Session
from calibtool.presenter.advice import advice
from calibtool.presenter.marks import orders
from calibtool.presenter.results import rows


@pytest.fixture(scope="module")
def pattern() -> PatternFit:
    """The demo's rings with the detector held upright."""
    data = demo_image()
    return calibrate(
        data, mask=data < 0, calibrant="AgBh", wavelength_nm=0.1, pixel_size_mm=0.172, tilt=False
    )


@pytest.mark.parametrize(("source", "sure"), [("by the radii", "certain"),
                                              (DEFAULT, "to be checked")])
def test_calibrant_number_of_rings_and_how_sure_are_one_line(
    pattern: PatternFit, source: str, sure: str
) -> None:
    settings = Settings(calibrant="AgBh", ring=1, ring_source=source)
    circle = fit_circle(pattern.geometry.conic(pattern.shown_ring.radius_px, 40)[:-1])
    session = Session(settings=settings, result=Result(circle=circle, pattern=pattern))
    told = {row.key: row for row in rows(session)}
    assert told["rings"].text == f"AgBh, {len(pattern.rings)} rings, {sure}"
    assert told["tilt"].text == "not measured"


def test_rings_of_no_known_calibrant_are_not_named_and_none_is_predicted(
    pattern: PatternFit,
) -> None:
    nameless = replace(pattern, calibrant=None)
    circle = fit_circle(pattern.geometry.conic(pattern.shown_ring.radius_px, 40)[:-1])
    settings = Settings(calibrant="AgBh", ring=1, ring_source=DEFAULT)
    session = Session(settings=settings, result=Result(circle=circle, pattern=nameless))
    told = {row.key: row for row in rows(session)}
    assert told["rings"].text == f"{len(pattern.rings)} rings, calibrant unknown"
    assert orders(session) == []


def test_an_ellipse_of_points_leads_to_the_rings_where_they_have_not_been_asked(
    pattern: PatternFit
) -> None:
    warning = FitWarning("elliptical", "The ring is not a circle.")
    remedy = advice(warning, Result(circle=None)).remedy
    assert remedy is not None
    assert remedy.does == "find"
    assert advice(warning, Result(circle=None, pattern=pattern)).remedy is None
