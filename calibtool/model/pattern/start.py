"""From an image to a geometry good to a width of its rings, and the rings seen around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.pattern.align import COARSE_TO_FINE, Alignment, align
from calibtool.model.pattern.conformed import conformed
from calibtool.model.pattern.geometry import Geometry
from calibtool.model.pattern.noise import Noise
from calibtool.model.pattern.peaks import Peak, peaks
from calibtool.model.pattern.prediction import LEAST_CURVATURE
from calibtool.model.pattern.unwrap import Unwrapped, unwrap
from calibtool.model.rings.annulus import Measured

COARSE_PX, COARSE_SECTORS = 1.0, 72
FINE_PX, FINE_SECTORS = 0.7, 36
INNER = 0.5
"""Share of the innermost ring's radius within which there is the light around the beam."""

ROUND, WAVERING, NEARBY = 0.5, 2.0, 2.0
"""A ring that wavers by so many widths around another geometry is none there, and one of a few
spots by so many; distance in outermost radii at which a shift of the centres makes hardly any
ellipses."""

ARCS = 0.7
"""Share of a circle below which beam and tilt are hard to tell apart."""

MOST_CONFORMED = 12
"""Rings by which another distance is laid on them."""

WHOLE = 1.5
"""Widths of a ring within which peaks may be its parts."""

APART = 2.0
"""Widths by which rings differ."""

WIDER = 2.0
"""A peak so many times as wide is light that a ring stands on."""

LEAST_CELLS_ACROSS = 400
"""Cells over the radius are at least so many, so that rings of a small image are told apart."""


@dataclass(frozen=True)
class Start:
    """Where to begin, and the rings that were seen there already, each beyond doubt or not."""

    alignment: Alignment
    rings: tuple[Peak, ...] = ()
    certain: bool = True

    @property
    def innermost_px(self) -> float:
        """Radius of the innermost ring, 0 where none is known."""
        return min((ring.radius_px for ring in self.rings), default=0.0)


@dataclass(frozen=True, eq=False)
class Seen:
    """Rings seen around a geometry, and the cells in which they were seen.

    ``sure`` are rings that were seen before, whether or not they show as peaks here, and
    ``innermost_px`` is the radius of the smallest that was seen at first, 0 where none;
    ``doubtful`` says that no ring is beyond doubt by itself, only all of them as a pattern, and
    ``spotty`` that of each only some spots are seen.
    """

    alignment: Alignment
    cells: Unwrapped
    peaks: tuple[Peak, ...]
    noise: Noise
    sure: tuple[Peak, ...] = ()
    innermost_px: float = 0.0
    doubtful: bool = False
    spotty: bool = False

    @property
    def rings(self) -> tuple[Peak, ...]:
        """The peaks but the light around the beam, unless there is nothing else.

        That is what lies far inside the innermost ring of the first look, which tells a ring
        from the rim of a shadow.
        """
        outside = tuple(p for p in self.peaks if p.radius_px > INNER * self.innermost_px)
        sharp = (p for p in outside if not p.rim or any(_same(ring, p) for ring in self.sure))
        return tuple(sharp) or outside or self.peaks

    def whole(self) -> "Seen":
        """The same with the rings that were sure before in place of the parts they fall into."""
        split = {}
        for ring in self.sure:
            reach = WHOLE * ring.width_px
            parts = [p for p in self.peaks if abs(p.radius_px - ring.radius_px) < reach]
            if len(parts) > 1:
                split[ring] = parts
        gone = [part for parts in split.values() for part in parts]
        kept = [peak for peak in self.peaks if peak not in gone]
        peaks = tuple(sorted([*kept, *split], key=lambda peak: peak.radius_px))
        return replace(self, peaks=peaks)

    def at_distance(self, distance_px: float) -> Geometry:
        """The geometry at a distance that puts the rings where they are seen."""
        around = self.cells.geometry
        rings = []
        for peak in sorted(self.rings, key=lambda peak: -peak.snr)[:MOST_CONFORMED]:
            azimuth = self.cells.azimuth[self._there(peak.radius_px)]
            r = around.distance_along(azimuth, peak.radius_px)
            x = around.beam_x_px + r * np.cos(azimuth)
            y = around.beam_y_px + r * np.sin(azimuth)
            rings.append(np.stack([x, y], axis=1)[np.isfinite(r)])
        rings = [points for points in rings if len(points)]
        if not rings:
            return self.alignment.geometry(distance_px)
        return conformed(around, rings, distance_px)

    def visible(self, radius: float) -> float:
        """Share (0…1) of the circle of a ring radius that is on usable pixels."""
        return float(np.mean(self._there(radius)))

    def _there(self, radius: float) -> BoolArray:
        """Sectors (S,) in which a ring radius is on usable pixels."""
        column = int((radius - self.cells.low) / self.cells.step)
        if not 0 <= column < self.cells.count.shape[1]:
            return np.zeros(len(self.cells.azimuth), dtype=bool)
        return np.asarray(self.cells.count[:, column] > 0)


def seen_from(measured: Measured, noise: Noise, starts: Sequence[Start]) -> Seen:
    """The sharpest alignment from some starts, and the rings around it."""
    found: list[tuple[Start, Alignment]] = []
    for start in starts:
        straight = Geometry(start.alignment.beam_x_px, start.alignment.beam_y_px)
        coarse = _around(measured, straight, COARSE_PX, COARSE_SECTORS)
        inner = INNER * start.innermost_px
        found.append((start, align(coarse, noise, start.alignment, inner_px=inner)))
    start, best = max(found, key=lambda one: one[1].sharpness)
    rows, columns = measured.data.shape
    outermost = max((ring.radius_px for ring in start.rings), default=0.5 * max(rows, columns))
    geometry = best.geometry(best.distance_px(outermost))
    before = start.alignment.geometry(NEARBY * outermost)
    waver = ROUND if start.certain else WAVERING
    sure = _carried(start.rings, before, geometry, (rows, columns), waver)
    cells = _around(measured, geometry, FINE_PX, FINE_SECTORS)
    return Seen(best, cells, _joined(peaks(cells, noise), sure), noise, sure, start.innermost_px)


def seen_near(measured: Measured, noise: Noise, near: Geometry) -> Seen:
    """The rings around a geometry that may be some of their widths off.

    Laid flat by it, what is left of beam and tilt is small and follows the same formulas.
    """
    flat = _around(measured, near, COARSE_PX, COARSE_SECTORS)
    start = Alignment(near.beam_x_px, near.beam_y_px)
    left = align(flat, noise, start, blurs=COARSE_TO_FINE)
    better = replace(
        near, beam_x_px=left.beam_x_px, beam_y_px=left.beam_y_px,
        tilt_x=near.tilt_x + left.tau_x / max(near.curvature, LEAST_CURVATURE),
        tilt_y=near.tilt_y + left.tau_y / max(near.curvature, LEAST_CURVATURE),
    )  # fmt: skip
    return seen_at(measured, Seen(start, flat, (), noise), better)


def _carried(
    rings: tuple[Peak, ...],
    before: Geometry,
    after: Geometry,
    shape: tuple[int, int],
    waver: float = ROUND,
) -> tuple[Peak, ...]:
    """The rings around another geometry; those that are no rings there are left out."""
    azimuth = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    result = []
    for ring in rings:
        r = before.distance_along(azimuth, ring.radius_px)
        x, y = before.beam_x_px + r * np.cos(azimuth), before.beam_y_px + r * np.sin(azimuth)
        inside = (x >= 0) & (x < shape[1]) & (y >= 0) & (y < shape[0])
        radius = after.ring_radius(x[inside], y[inside])
        if len(radius) and float(np.std(radius)) < waver * ring.width_px:
            result.append(replace(ring, radius_px=float(np.mean(radius))))
    return tuple(result)


def _joined(found: list[Peak], sure: tuple[Peak, ...]) -> tuple[Peak, ...]:
    """All peaks, and the rings that a halo or a slope hides from the profile instead of that."""
    hidden = [ring for ring in sure if not any(_same(ring, peak) for peak in found)]
    clear = [peak for peak in found if not any(_near(ring, peak) for ring in hidden)]
    return tuple(sorted([*clear, *hidden], key=lambda peak: peak.radius_px))


def _same(ring: Peak, peak: Peak) -> bool:
    return _near(ring, peak) and peak.width_px < WIDER * ring.width_px


def _near(ring: Peak, peak: Peak) -> bool:
    return abs(ring.radius_px - peak.radius_px) < APART * max(ring.width_px, peak.width_px)


def seen_at(measured: Measured, before: Seen, geometry: Geometry) -> Seen:
    """The rings around a geometry that has been measured."""
    known = replace(Alignment.of(geometry), sharpness=before.alignment.sharpness)
    cells = _around(measured, geometry, FINE_PX, FINE_SECTORS)
    sure = _carried(before.sure, before.cells.geometry, geometry, measured.data.shape)
    found = _joined(peaks(cells, before.noise), sure)
    return replace(before, alignment=known, cells=cells, peaks=found, sure=sure)


def _around(measured: Measured, geometry: Geometry, step: float, n_sectors: int) -> Unwrapped:
    rows, columns = measured.data.shape
    corners_x = np.array([0.0, 0.0, columns - 1.0, columns - 1.0])
    corners_y = np.array([0.0, rows - 1.0, 0.0, rows - 1.0])
    far: FloatArray = geometry.ring_radius(corners_x, corners_y)
    reach = np.hypot(rows, columns) + np.hypot(
        geometry.beam_x_px - 0.5 * columns, geometry.beam_y_px - 0.5 * rows
    )
    outer = float(min(np.max(far), 1.5 * reach))
    inside = 0 <= geometry.beam_x_px < columns and 0 <= geometry.beam_y_px < rows
    inner = 0.0 if inside else _nearest(geometry, rows, columns)
    fine = min(step, (outer - inner) / LEAST_CELLS_ACROSS)
    step = max(fine, 0.25)
    return unwrap(measured, geometry, step=step, n_sectors=n_sectors, span=(inner, outer))


def _nearest(geometry: Geometry, rows: int, columns: int) -> float:
    """Least ring radius on the border of the image, a little less to be safe."""
    along_x, along_y = np.linspace(0, columns - 1, 64), np.linspace(0, rows - 1, 64)
    x = np.concatenate([along_x, along_x, np.zeros(64), np.full(64, columns - 1.0)])
    y = np.concatenate([np.zeros(64), np.full(64, rows - 1.0), along_y, along_y])
    return max(0.0, 0.98 * float(np.min(geometry.ring_radius(x, y))) - 2.0)
