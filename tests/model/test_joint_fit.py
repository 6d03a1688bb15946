"""The joint fit of several rings against simulated truth and the tilted CeO2 image."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import Circle
from calibtool.model.finding import find_ring
from calibtool.model.rings.joint_fit import fit_rings
from calibtool.model.simulate import RingShape, expected_counts

CENTRE = (151.3, 262.8)
RADII = (70.4, 140.8, 211.2)


def frame(centres: tuple[tuple[float, float], ...], seed: int) -> np.ndarray:
    rings = [
        RingShape(Circle(*centre, radius), 2.5, amplitude)
        for centre, radius, amplitude in zip(centres, RADII, (30.0, 15.0, 10.0), strict=True)
    ]
    return np.random.default_rng(seed).poisson(expected_counts((400, 350), rings, 5.0))


STARTS = [Circle(CENTRE[0] + 0.7, CENTRE[1] - 0.5, radius + 0.4) for radius in RADII]


def test_the_joint_centre_is_better_than_any_rings_own_and_its_sigma_is_honest() -> None:
    errors, own, pulls = [], [], []
    for seed in range(12):
        joint = fit_rings(frame((CENTRE,) * 3, seed), STARTS)
        assert joint.consistent
        error = np.array([joint.center_x_px - CENTRE[0], joint.center_y_px - CENTRE[1]])
        errors.append(error)
        own.append([joint.rings[0].center_x_px - CENTRE[0], joint.rings[0].center_y_px - CENTRE[1]])
        pulls += list(error / [joint.sigma_center_x_px, joint.sigma_center_y_px])
        pulls += list((joint.radii_px - RADII) / joint.sigma_radii_px)
    assert np.std(errors) < 0.95 * np.std(own)
    assert 0.75 < np.sqrt(np.mean(np.square(pulls))) < 1.3


def test_centres_that_drift_with_the_radius_are_told_and_the_chosen_ring_is_kept() -> None:
    centres = tuple((CENTRE[0] + 0.8 * k, CENTRE[1]) for k in range(3))
    joint = fit_rings(frame(centres, 3), STARTS, chosen=STARTS[1])
    assert not joint.consistent
    assert [warning.code for warning in joint.warnings] == ["centres_differ"]
    assert joint.center_x_px == joint.rings[1].center_x_px
    assert abs(joint.center_x_px - centres[1][0]) < 5 * joint.sigma_center_x_px
    assert "(+1.6" in joint.warnings[0].message or "(+1.5" in joint.warnings[0].message


def test_one_ring_is_its_own_joint_fit() -> None:
    joint = fit_rings(frame((CENTRE,) * 3, 1), STARTS[:1])
    assert joint.freedom == 0
    assert joint.consistent
    assert joint.center_x_px == pytest.approx(joint.rings[0].center_x_px, abs=1e-9)
    assert joint.radii_px[0] == pytest.approx(joint.rings[0].radius_px, abs=1e-9)
    assert joint.sigma_radii_px[0] == pytest.approx(joint.rings[0].sigma_radius_px, rel=1e-6)


def test_a_ring_that_is_not_there_is_left_out() -> None:
    joint = fit_rings(frame((CENTRE,) * 3, 2), [*STARTS, Circle(*CENTRE, 105.0)])
    assert [round(radius) for radius in joint.radii_px] == [70, 141, 211]


def test_no_ring_at_all_is_an_error() -> None:
    noise = np.random.default_rng(1).poisson(5.0, (400, 350))
    with pytest.raises(RingNotFoundError, match="choose one ring"):
        fit_rings(noise, STARTS)


def test_the_tilt_of_a_real_detector_shows_in_the_rings_of_ceo2(real_data: Path) -> None:
    import fabio

    data = fabio.open(str(real_data / "pilatus1m_ceo2.tif")).data
    listed = json.loads((real_data / "references.json").read_text())["pilatus1m_ceo2.tif"]
    found = find_ring(data)
    radii = np.array([ring["radius_px"] for ring in listed])
    near = [ring for ring in found.rings if np.abs(radii - ring.radius_px).min() < 2.0]
    joint = fit_rings(data, near, chosen=found)
    assert len(joint.rings) >= 3
    assert not joint.consistent
    assert min(abs(joint.center_x_px - r["center_x_px"]) for r in listed) < 0.3
