"""The rings around a found ring: one centre where they share it, a warning where they do not."""

from dataclasses import replace

import numpy as np
import pytest

from calibtool.model.circle import Circle
from calibtool.model.image import Image
from calibtool.model.rings.joint_fit import JointFit
from calibtool.model.settings import Quantity, Settings
from calibtool.model.simulate import RingShape, expected_counts
from calibtool.model.state.session import Result, Session
from calibtool.tasks.calibrate import find
from calibtool.tasks.joint import can_join, joined
from calibtool.tasks.record import record

CENTRE = (171.3, 208.8)


def image(drift_px: float = 0.0, n: int = 3, seed: int = 1) -> Image:
    """Rings of radius 60, 120, 180 px; the centre moves by ``drift_px`` in x to the next."""
    rings = [
        RingShape(Circle(CENTRE[0] + drift_px * k, CENTRE[1], 60.0 * (k + 1)), 2.0, 40.0 / (k + 1))
        for k in range(n)
    ]
    data = np.random.default_rng(seed).poisson(expected_counts((420, 360), rings, 4.0))
    return Image(data, np.zeros(data.shape, dtype=bool))


def joint_of(result: Result) -> JointFit:
    assert result.joint is not None
    return result.joint


def test_rings_of_one_centre_give_it_better_than_one_of_them() -> None:
    errors, own, pulls = [], [], []
    for seed in range(10):
        frame = image(seed=seed)
        result = joined(frame, find(frame, Settings()))
        joint = joint_of(result)
        assert joint.consistent
        assert len(joint.rings) == 3
        # The ring's own numbers stay what they were.
        assert result.best is result.ring
        off = np.array([joint.center_x_px, joint.center_y_px]) - CENTRE
        errors.append(off)
        own.append(np.array([result.best.center_x_px, result.best.center_y_px]) - CENTRE)
        pulls.append(off / [joint.sigma_center_x_px, joint.sigma_center_y_px])
    assert np.std(errors) < np.std(own)
    assert 0.6 < np.sqrt(np.mean(np.square(pulls))) < 1.4


def test_rings_whose_centres_move_are_told_and_are_not_averaged() -> None:
    frame = image(drift_px=0.6)
    result = joined(frame, find(frame, Settings()))
    assert not joint_of(result).consistent
    told = {warning.code: warning.message for warning in result.warnings}
    assert "refine the tilt" in told["centres_differ"]
    assert record(Session(image=frame, result=result)).shared_centre is None


def test_one_ring_or_a_fixed_centre_is_left_alone() -> None:
    single = image(n=1)
    result = find(single, Settings())
    assert not can_join(result)
    assert joined(single, result) is result
    frame = image()
    fixed = replace(
        Settings(), fixed_center=True, center_x=Quantity(CENTRE[0]), center_y=Quantity(CENTRE[1])
    )
    result = find(frame, fixed)
    assert result.center_source == "fixed"
    assert joined(frame, result) is result


def test_the_shared_centre_is_recorded() -> None:
    frame = image()
    result = joined(frame, find(frame, Settings()))
    saved = record(Session(image=frame, result=result)).shared_centre
    assert saved is not None
    assert saved.n_rings == 3
    assert saved.x_px == pytest.approx(CENTRE[0], abs=5 * saved.sigma_x_px)
    assert saved.y_px == pytest.approx(CENTRE[1], abs=5 * saved.sigma_y_px)
