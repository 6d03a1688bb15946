"""What an answer to a scene is worth."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.patterns.geometry import FloatArray
from tests.patterns.lines import family, lines
from tests.patterns.pattern import Pattern
from tests.patterns.scenes import Scene

SIGMAS, PIXELS = 4.0, 0.05
"""A number is off that is farther from the truth than both."""

SHARP_BEAM_PX, SHARP_DISTANCE, SHARP_TILT_DEG = 0.3, 0.003, 0.3
"""What the bound allows to be known this well must be told (distance: relative)."""

DISPROVED = 8.0
"""A wavelength off by so many σ of what the rings tell must be contradicted."""

MANY = 4
"""From so many strong rings on a calibrant can be recognised."""


@dataclass(frozen=True)
class Judgement:
    """``kind``: right, refused, missed, warned, UNWARNED; ``reasons`` say what is off.

    ``recognised`` is None where nobody asked or physics does not tell.
    """

    kind: str
    reasons: tuple[str, ...] = ()
    recognised: bool | None = None


def judge(scene: Scene, fit: Any | None) -> Judgement:
    """Compare an answer (None: refused) with the truth."""
    if scene.pattern is None:
        if fit is None:
            return Judgement("right")
        return Judgement("warned" if fit.warnings else "UNWARNED", ("a ring where none is",))
    needed = must_be_told(scene)
    if fit is None:
        return Judgement("missed", ("no answer",)) if needed else Judgement("refused")
    recognised = _recognised(scene, fit)
    over_certain = tuple(_over_certain(scene, fit))
    if over_certain:
        return Judgement("UNWARNED", over_certain, recognised)
    off = (*off_by(scene, fit), *_not_contradicted(scene, fit))
    if off and not fit.warnings:
        return Judgement("UNWARNED", tuple(off), recognised)
    if off and not (len(scene.strong) <= 1 and _is_centre(scene, fit)):
        return Judgement("warned", tuple(off), recognised)
    missing = tuple(_missing(needed, fit))
    return Judgement("missed" if missing else "right", missing, recognised)


def off_by(scene: Scene, fit: Any) -> list[str]:
    """Each number of the answer that is off by more than 4 σ and 0.05 px."""
    truth = scene.geometry
    found: list[str] = []
    for axis in "xy" if not _shrouded(scene) else "":
        error = getattr(fit, f"beam_{axis}_px") - getattr(truth, f"beam_{axis}_px")
        if _off(error, getattr(fit, f"sigma_beam_{axis}_px"), 1.0):
            found.append(f"beam {axis} {error:+.3f} ± {getattr(fit, f'sigma_beam_{axis}_px'):.3f}")
    if scene.lies:
        return found
    lever = math.tan(_largest_angle(scene.pattern))
    if fit.distance_px is not None and "wavelength_nm" in scene.given:
        error = _distance_error(scene, fit)
        if _off(error, fit.sigma_distance_px, lever):
            found.append(f"distance {error:+.3f} ± {fit.sigma_distance_px:.3f} px")
    if fit.tilt_deg is not None and fit.sigma_tilt_deg is not None:
        error = tilt_error_deg(scene, fit)
        # Two components: the length of the error is that much longer than one of them.
        if _off(error / 1.3, fit.sigma_tilt_deg, math.radians(1) * truth.distance_px * lever**2):
            found.append(f"tilt {error:.3f}° ± {fit.sigma_tilt_deg:.3f}°")
    return found


def tilt_error_deg(scene: Scene, fit: Any) -> float:
    """Angle between the stated and the true direction of the beam."""
    cross = np.cross(np.asarray(fit.beam_direction, float), scene.geometry.direction)
    return math.degrees(math.asin(min(1.0, float(np.linalg.norm(cross)))))


def _off(error: float, sigma: float, pixels: float) -> bool:
    return not (abs(error) <= SIGMAS * sigma or abs(error) * pixels <= PIXELS)


def _largest_angle(pattern: Pattern | None) -> float:
    assert pattern is not None
    return max((ring.angle for ring in pattern.rings()), default=0.0)


def _distance_error(scene: Scene, fit: Any) -> float:
    """Error in px, where the answer has the true calibrant: without it no distance is right.

    Standards of one substance differ by some 1e-4; which of them it is, nobody can tell.
    """
    name, truth = str(fit.calibrant), scene.geometry.distance_px
    if fit.calibrant is None or not same(name, scene.calibrant):
        return 0.0
    excused = abs(ratio(name, scene.calibrant) - 1) * truth
    return max(0.0, abs(float(fit.distance_px - truth)) - excused)


def same(one: str, other: str) -> bool:
    """Whether two names stand for the same spacings (to 0.1 %)."""
    if one == other:
        return True
    if one not in family(other):
        return False
    return bool(abs(ratio(one, other) - 1) < 1e-3)


def ratio(one: str, other: str) -> float:
    """Largest spacing of one calibrant over that of another."""
    return float(lines(one)[0][0] / lines(other)[0][0])


def alike(scene: Scene) -> set[str]:
    """Calibrants that physics cannot tell from the true one: same ratios, scale not known."""
    assert scene.bound is not None
    group = set(family(scene.calibrant))
    if "wavelength_nm" not in scene.given or "wavelength" in scene.lies:
        return group
    doubt = 5 * scene.bound.sigma(wavelength_known=False)[5]
    return {
        name
        for name in group
        if same(name, scene.calibrant) or abs(math.log(ratio(name, scene.calibrant))) < doubt
    }


def must_be_told(scene: Scene) -> dict[str, float]:
    """What the rings tell well, with its least σ: beam (px), distance (px), tilt (°), ring."""
    assert scene.bound is not None
    needed: dict[str, float] = {}
    if max((scene.bound.snr[k] for k in scene.strong), default=0.0) > 25:
        needed["ring"] = 1.0
    scale = not scene.lies and "wavelength_nm" in scene.given
    named = scene.given.get("calibrant") == scene.calibrant or (
        len(scene.strong) >= MANY and all(same(n, scene.calibrant) for n in alike(scene))
    )
    sigma = scene.bound.sigma(wavelength_known=scale and named)
    beam = float(max(sigma[:2]))
    if len(scene.strong) > 1 and beam < SHARP_BEAM_PX:
        needed["beam"] = beam
    if len(scene.strong) < 2 or not (scale and named):
        return needed
    if sigma[2] < SHARP_DISTANCE * scene.geometry.distance_mm:
        editions = 0.0 if "calibrant" in scene.given else _editions(scene.calibrant)
        told = math.hypot(float(sigma[2]), editions * scene.geometry.distance_mm)
        needed["distance"] = told / scene.geometry.pixel_mm
    if math.degrees(max(sigma[3:5])) < SHARP_TILT_DEG:
        needed["tilt"] = math.degrees(max(sigma[3:5]))
    return needed


def _editions(name: str) -> float:
    """By how much the spacings of standards differ that pass for this one, where none was named."""
    return max((abs(ratio(other, name) - 1) for other in family(name) if same(other, name)),
               default=0.0)  # fmt: skip


def _missing(needed: dict[str, float], fit: Any) -> list[str]:
    """What had to be told and was not, or so vaguely that it is of no use."""
    told = {
        "beam": max(fit.sigma_beam_x_px, fit.sigma_beam_y_px),
        "distance": fit.sigma_distance_px,
        "tilt": fit.sigma_tilt_deg,
    }
    found = []
    for name, least in needed.items():
        if name == "ring":
            continue
        sigma = told[name]
        if sigma is None or not math.isfinite(sigma):
            found.append(f"{name} not told (bound {least:.3g})")
        elif sigma > 10 * least and not (name == "beam" and sigma < 0.2):
            found.append(f"{name} ± {sigma:.3g} (bound {least:.3g})")
    return found


def _recognised(scene: Scene, fit: Any) -> bool | None:
    """Whether the calibrant was recognised, where that was asked and can be done."""
    if "calibrant" in scene.given or len(scene.strong) < MANY or "wavelength" in scene.lies:
        return None
    allowed = alike(scene)
    if fit.calibrant is not None and fit.calibrant not in allowed:
        return False
    stated = set(fit.calibrant_candidates) | ({fit.calibrant} if fit.calibrant else set())
    there = any(same(str(name), scene.calibrant) for name in stated)
    return there and stated <= allowed


def _over_certain(scene: Scene, fit: Any) -> list[str]:
    """A calibrant or ring number that is called certain and is wrong."""
    if not fit.certain:
        return []
    name = str(fit.calibrant)
    if not same(name, scene.calibrant):
        # Nobody can contradict a declared calibrant of the same ratios, nor one of one ring.
        excused = name == scene.given.get("calibrant") and (
            len(scene.strong) < 3 or name in family(scene.calibrant)
        )
        return [] if excused else [f"certain of {name}"]
    return [
        f"certain that R {ring.radius_px:.1f} is ring {ring.index}"
        for ring in fit.rings
        if not _is_ring(scene, ring)
    ]


def _is_ring(scene: Scene, ring: Any) -> bool:
    """Whether a ring with this number lies at this radius (within 1.5 % and 4 widths)."""
    pattern = scene.pattern
    assert pattern is not None
    d = lines(scene.calibrant)[0]
    line = int(np.argmin(np.abs(d - ring.d_nm)))
    true = pattern.radius_px(line)
    return bool(abs(ring.radius_px - true) < 0.015 * true + 4 * pattern.width_px)


def _not_contradicted(scene: Scene, fit: Any) -> list[str]:
    """A lie that the rings disprove, and about which the answer says nothing."""
    assert scene.bound is not None
    found = []
    if "calibrant" in scene.lies and len(scene.strong) >= MANY and not fit.warnings:
        found.append("wrong calibrant not contradicted")
    if "wavelength" in scene.lies and "calibrant" in scene.given and "calibrant" not in scene.lies:
        assert scene.pattern is not None
        factor = math.log(scene.given["wavelength_nm"] / scene.pattern.wavelength_nm)
        doubt = scene.bound.sigma(wavelength_known=False)[5]
        if abs(factor) > DISPROVED * doubt and not fit.warnings:
            found.append(f"wavelength off by {factor:+.3f} ± {doubt:.1g} not contradicted")
    return found


def _shrouded(scene: Scene) -> bool:
    """Whether the wavelength handed in is wrong by less than the rings tell.

    The beam is then off by what that takes it along, and nobody can know.
    """
    if "wavelength" not in scene.lies or scene.pattern is None or scene.bound is None:
        return False
    factor = math.log(scene.given["wavelength_nm"] / scene.pattern.wavelength_nm)
    return bool(abs(factor) < DISPROVED * scene.bound.sigma(wavelength_known=False)[5])


def _is_centre(scene: Scene, fit: Any) -> bool:
    """Whether the beam is given as the centre of the only ring (to be had, the tilt is not)."""
    assert scene.pattern is not None
    for line in scene.strong[:1]:
        x, y = ring_centre(scene.pattern, line)
        error = math.hypot(fit.beam_x_px - x, fit.beam_y_px - y)
        return error < max(0.1, 5 * math.hypot(fit.sigma_beam_x_px, fit.sigma_beam_y_px))
    return False


def ring_points(pattern: Pattern, line: int, number: int = 360) -> FloatArray:
    """Points (number, 2) of (x, y) in px all round a ring."""
    geometry = pattern.geometry
    s_x, s_y, _ = geometry.direction
    angle = 2 * math.asin(pattern.wavelength_nm / (2 * pattern.d_nm[line]))
    turn = 2 * np.pi * np.arange(number) / number
    lean = np.arcsin(s_x * np.cos(turn) + s_y * np.sin(turn))
    r = geometry.distance_px * math.sin(angle) / np.cos(angle + lean)
    x, y = geometry.beam_x_px + r * np.cos(turn), geometry.beam_y_px + r * np.sin(turn)
    return np.column_stack([x, y])


def ring_centre(pattern: Pattern, line: int) -> tuple[float, float]:
    """Centre of the circle that fits the part of a ring on the image best."""
    points = ring_points(pattern, line, 1440)
    h, w = pattern.shape
    x, y = points.T
    seen = (x > 0) & (y > 0) & (x < w - 1) & (y < h - 1)
    x, y = x[seen], y[seen]
    design = np.column_stack([x, y, np.ones_like(x)])
    a, b, _ = np.linalg.lstsq(design, x**2 + y**2, rcond=None)[0]
    return float(a / 2), float(b / 2)
