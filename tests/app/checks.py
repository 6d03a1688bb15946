"""Checks that several tests of the program share."""

from calibtool.model.state.session import Session
from tests.app.driver import Driver
from tests.app.rings import Known


def check_numbers(program: Driver, known: Known) -> None:
    """The result is at the known ring: within 5 σ of the truth, or the list's tolerance."""
    result = program.session.result
    assert result is not None
    assert program.session.fresh
    fit = result.best
    for found, true, sigma in (
        (fit.center_x_px, known.x, fit.sigma_center_x_px),
        (fit.center_y_px, known.y, fit.sigma_center_y_px),
        (fit.radius_px, known.radius, fit.sigma_radius_px),
    ):
        assert 0.0 < sigma < 0.5
        assert abs(found - true) <= (known.tolerance or 5.0 * sigma), program.said


def essence(session: Session) -> tuple[object, ...]:
    """What undo is about."""
    return (
        session.image, session.enabled, session.settings, session.points, session.picking,
        session.result, session.applied,
    )  # fmt: skip
