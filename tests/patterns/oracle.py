"""An ideal answer to a scene: the truth with the least scatter; it tries the judge itself."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibtool.model.results import FitWarning
from tests.patterns.judge import alike, must_be_told, ring_centre, same
from tests.patterns.scenes import Scene


@dataclass(frozen=True)
class SeenRing:
    index: int
    d_nm: float
    radius_px: float


@dataclass(frozen=True)
class Answer:
    """The fields of a fit that the judge reads."""

    beam_x_px: float
    beam_y_px: float
    sigma_beam_x_px: float
    sigma_beam_y_px: float
    distance_px: float | None
    sigma_distance_px: float | None
    tilt_deg: float | None
    sigma_tilt_deg: float | None
    beam_direction: tuple[float, float, float]
    calibrant: str | None
    calibrant_candidates: tuple[str, ...]
    certain: bool
    rings: tuple[SeenRing, ...]
    warnings: tuple[FitWarning, ...] = ()


def ideal_answer(scene: Scene, seed: int = 0) -> Answer | None:
    """What the best possible program would say."""
    needed = must_be_told(scene)
    if not needed:
        return None
    assert scene.bound is not None
    assert scene.pattern is not None
    truth, pattern = scene.geometry, scene.pattern
    told = "wavelength_nm" in scene.given and not scene.lies
    candidates = alike(scene)
    named = scene.given.get("calibrant") == scene.calibrant or all(
        same(name, scene.calibrant) for name in candidates
    )
    known = told and named
    covariance = scene.bound.covariance(wavelength_known=known)
    sigma = np.sqrt(np.diag(covariance))
    error = np.random.default_rng(seed).multivariate_normal(np.zeros(6), covariance)[:5]
    direction = truth.direction + np.array([*error[3:], 0.0])
    direction = direction / np.linalg.norm(direction)
    warnings = [FitWarning("lie", lie) for lie in scene.lies]
    beam = truth.vector[:2] + error[:2]
    if "beam" not in needed and len(scene.strong) == 1:
        warnings.append(FitWarning("tilt", "not measured"))
        beam = np.array(ring_centre(pattern, scene.strong[0]))
    named_by_all = {n for n in candidates if same(n, scene.calibrant)} == candidates
    certain = not scene.lies and named_by_all and len(scene.strong) > 3
    tilted = "tilt" in needed
    return Answer(
        *map(float, beam),
        float(sigma[0]),
        float(sigma[1]),
        truth.distance_px + error[2] / truth.pixel_mm if known else None,
        sigma[2] / truth.pixel_mm if known else None,
        math.degrees(math.acos(direction[2])) if tilted else None,
        math.degrees(max(sigma[3:5])) if tilted else None,
        tuple(direction),
        scene.given.get("calibrant", scene.calibrant),
        tuple(candidates),
        certain,
        tuple(_seen(scene, k) for k in scene.strong),
        tuple(warnings),
    )


def _seen(scene: Scene, line: int) -> SeenRing:
    assert scene.pattern is not None
    return SeenRing(line + 1, scene.pattern.d_nm[line], scene.pattern.radius_px(line))


def spoilt_answers(scene: Scene) -> dict[str, dict[str, Any]]:
    """Changes of an ideal answer that must not pass."""
    answer = ideal_answer(scene)
    assert answer is not None
    assert answer.distance_px is not None
    assert answer.sigma_distance_px is not None
    first, second, *_ = answer.rings
    swapped = SeenRing(first.index, first.d_nm, second.radius_px)
    return {
        "beam": {"beam_x_px": answer.beam_x_px + 8 * answer.sigma_beam_x_px + 0.1},
        "distance": {"distance_px": 1.01 * answer.distance_px},
        "tilt": {"tilt_deg": 5.0, "beam_direction": (0.09, 0.0, 0.996)},
        "calibrant": {"calibrant": "AgBh"},
        "ring": {"rings": (swapped, *answer.rings[1:])},
    }
