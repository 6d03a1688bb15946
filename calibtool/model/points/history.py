"""The record of an optimiser's own run, kept while it runs."""

import numpy as np

from calibtool.model.circle import CircleLike, FloatArray
from calibtool.model.results import HistoryRow


class Recorder:
    """Collects a row for each iteration, and the best objective of each start so far.

    Parameters
    ----------
    shift : ndarray, shape (2,), optional
        Added to the centres (x, y), in px, for a search in shifted coordinates.
    """

    def __init__(self, shift: FloatArray | None = None) -> None:
        self._shift = np.zeros(2) if shift is None else shift
        self.rows: list[HistoryRow] = []
        self._best: dict[int, float] = {}
        self._iterations: dict[tuple[int, str], int] = {}

    def add(
        self, start: int, stage: str, circle: CircleLike, objective: float, n_points: int
    ) -> None:
        """Note one iteration; iterations count from 0 within a start's stage."""
        best = min(objective, self._best.get(start, objective))
        self._best[start] = best
        iteration = self._iterations.get((start, stage), 0)
        self._iterations[start, stage] = iteration + 1
        self.rows.append(
            HistoryRow(
                start=start,
                stage=stage,
                iteration=iteration,
                center_x_px=circle.center_x_px + float(self._shift[0]),
                center_y_px=circle.center_y_px + float(self._shift[1]),
                radius_px=circle.radius_px,
                objective=objective,
                best_objective=best,
                n_points=n_points,
            )
        )
