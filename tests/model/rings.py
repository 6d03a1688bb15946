"""Simulated clicks on a ring with a known circle."""

import numpy as np

from calibtool.model.circle import Circle, FloatArray


def on_ring(
    circle: Circle,
    n: int,
    *,
    arc_deg: float = 360.0,
    start_deg: float = 20.0,
    noise_px: float = 0.0,
    seed: int = 0,
) -> FloatArray:
    """Positions (n, 2) spread over an arc, jittered, with Gaussian errors along the radius."""
    rng = np.random.default_rng(seed)
    azimuth = np.radians(start_deg) + np.radians(arc_deg) * (np.arange(n) + rng.random(n)) / n
    radius = circle.radius_px + rng.normal(0.0, noise_px, n)
    return np.column_stack(
        [
            circle.center_x_px + radius * np.cos(azimuth),
            circle.center_y_px + radius * np.sin(azimuth),
        ]
    )
