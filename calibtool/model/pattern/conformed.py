"""The geometry at another distance that puts rings where one at some distance has them.

Beam, distance and tilt of arcs are hard to tell apart: who changes one must change the others.
"""

from dataclasses import replace

import numpy as np

from calibtool.model.circle import FloatArray
from calibtool.model.pattern.align import STEEPEST, TILT_SIGMA, Alignment
from calibtool.model.pattern.geometry import Geometry

STEPS, AT_REST_PX = 8, 0.02
SLACK_PX = 0.2
"""Rings need to lie no better than so: a tilt larger than usual would cost more."""

SMALL = np.array([0.05, 0.05, 1e-4, 1e-4])
"""Steps of beam (px) and tilt over which the change of the rings is measured."""


def conformed(geometry: Geometry, rings: list[FloatArray], distance_px: float) -> Geometry:
    """Beam and tilt at a distance that lay given rings on circles best.

    Parameters
    ----------
    geometry : Geometry
        Around which the rings lie now.
    rings : list of ndarray, shape (N, 2)
        Points (x, y) of each ring, in index pixels.
    distance_px : float
        The distance along the beam that is wanted.
    """
    start = Alignment.of(geometry).geometry(distance_px)
    x, y = np.concatenate(rings).T
    sizes = [len(points) for points in rings]
    which = np.repeat(np.arange(len(rings)), sizes)
    p = np.array([start.beam_x_px, start.beam_y_px, start.tilt_x, start.tilt_y])

    def off(p: FloatArray) -> FloatArray:
        radius = _placed(start, p).ring_radius(x, y)
        mean = np.bincount(which, radius) / np.bincount(which)
        return np.asarray(radius - mean[which])

    least = SLACK_PX / TILT_SIGMA * np.eye(4)[2:]
    for _ in range(STEPS):
        now = off(p)
        slope = np.stack([(off(p + step) - now) / step.sum() for step in np.diag(SMALL)], axis=1)
        wanted = np.concatenate([now, least @ p])
        change = np.linalg.lstsq(np.vstack([slope, least]), -wanted, rcond=1e-10)[0]
        p = p + change
        p[2:] *= min(1.0, STEEPEST / max(float(np.hypot(*p[2:])), 1e-9))
        if float(np.max(np.abs(slope @ change), initial=0.0)) < AT_REST_PX:
            break
    return _placed(start, p)


def _placed(start: Geometry, p: FloatArray) -> Geometry:
    x, y, tilt_x, tilt_y = p.tolist()
    return replace(start, beam_x_px=x, beam_y_px=y, tilt_x=tilt_x, tilt_y=tilt_y)
