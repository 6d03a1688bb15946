"""Algebraic circle fit: one small eigenvalue problem, no start needed.

The hyper fit of A. Al-Sharadqah and N. Chernov, "Error analysis for circle fitting
algorithms", Electronic Journal of Statistics 3 (2009) 886-911: like the fits of Pratt and
Taubin with a normalisation that also removes the essential bias, so that it stays good on
short arcs.
"""

import numpy as np

from calibtool.errors import FitError
from calibtool.model.circle import Circle, FloatArray


def hyper_fit(points: FloatArray) -> Circle:
    """Circle by the hyper fit.

    Parameters
    ----------
    points : ndarray, shape (N, 2)
        At least three positions (x, y) in px.

    Returns
    -------
    Circle
        Minimises the algebraic distance A(x² + y²) + Bx + Cy + D under the hyper
        normalisation.

    Raises
    ------
    FitError
        The points lie on a straight line or on one spot.
    """
    middle = points.mean(axis=0)
    centred = points - middle
    scale = float(np.sqrt(np.mean(centred**2) * 2.0))
    if not scale > 0.0:
        raise FitError("All points are at the same position: place them around the ring.")
    u, v = (centred / scale).T
    z = u * u + v * v
    design = np.column_stack([z, u, v, np.ones_like(z)])
    mean_z = float(z.mean())
    normalisation_inverse = np.array(
        [[0.0, 0.0, 0.0, 0.5], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.5, 0, 0, -2 * mean_z]]
    )
    _, singular, vectors = np.linalg.svd(design, full_matrices=True)
    if len(singular) < 4 or singular[3] <= 1e-12 * singular[0]:
        solution = vectors[3]
    else:
        root = vectors.T @ np.diag(singular) @ vectors
        values, eigenvectors = np.linalg.eigh(root @ normalisation_inverse @ root)
        # One eigenvalue is negative; the smallest positive one belongs to the best circle.
        chosen = eigenvectors[:, np.flatnonzero(values > 0.0)[0]]
        solution = vectors.T @ ((vectors @ chosen) / singular)
    a, b, c, d = (float(value) for value in solution)
    square = b * b + c * c - 4.0 * a * d
    if abs(a) <= 1e-10 * np.hypot(b, c) or square <= 0.0:
        raise FitError(
            "The points lie on a straight line, which fits no circle: place them around the ring."
        )
    x, y = -b / (2.0 * a) * scale + middle[0], -c / (2.0 * a) * scale + middle[1]
    return Circle(float(x), float(y), float(np.sqrt(square) / (2.0 * abs(a)) * scale))
