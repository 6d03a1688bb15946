"""Random simulated frames with known rings, or none, over the difficulties of real ones."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from calibtool.model.circle import Circle
from calibtool.model.results import RingFit

SHAPES = ((256, 256), (195, 487), (619, 487), (1043, 981), (1043, 981), (1024, 1024), (1679, 1475))
LARGE_SHAPES = ((2048, 2048), (4148, 4362))

CALIBRANTS = {
    "AgBh": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
    "LaB6": tuple(np.sqrt([1.0, 2, 3, 4, 5, 6, 8])),
    "CeO2": tuple(np.sqrt([3.0, 4, 8, 11, 12, 16]) / np.sqrt(3.0)),
    "one ring": (1.0,),
    "two rings": (1.0, 1.63),
}

LEAST_SNR = 25.0
MOST_VAGUE = 0.01
"""Rings with a smaller signal-to-noise ratio over all their pixels may be refused, and those
whose pixels do not fix the centre to this share of the radius."""


@dataclass
class Scene:
    """A frame, its true rings and what makes it difficult.

    ``data`` (H, W); ``mask`` (H, W) or None; ``rings`` with ``widths_px`` (σ), ``snr`` (over
    all visible pixels of the ring) and ``bound_px`` (about the least σ its centre can have),
    empty where the frame has no ring.
    """

    data: NDArray[np.generic]
    mask: NDArray[np.bool_] | None
    rings: tuple[Circle, ...]
    widths_px: tuple[float, ...]
    snr: tuple[float, ...]
    bound_px: tuple[float, ...]
    traits: list[str] = field(default_factory=list)

    @property
    def must_be_found(self) -> bool:
        return any(
            snr >= LEAST_SNR and bound <= MOST_VAGUE * ring.radius_px
            for ring, snr, bound in zip(self.rings, self.snr, self.bound_px, strict=True)
        )

    def judge(self, found: RingFit | None) -> str:
        """What an answer is worth: right, refused, missed, wrong or false.

        Right is a ring of the scene whose centre and radius are each within 1 px, a tenth of
        the ring's width or five times the least σ possible (or stated, up to 1 % of R).
        """
        if found is None:
            return "missed" if self.must_be_found else "refused"
        if not self.rings:
            return "false"
        errors = [
            max(
                abs(found.center_x_px - ring.center_x_px),
                abs(found.center_y_px - ring.center_y_px),
                abs(found.radius_px - ring.radius_px),
            )
            for ring in self.rings
        ]
        best = int(np.argmin(errors))
        stated = max(found.sigma_center_x_px, found.sigma_center_y_px, found.sigma_radius_px)
        sigma = max(self.bound_px[best], min(stated, MOST_VAGUE * found.radius_px))
        allowed = max(1.0, 0.1 * self.widths_px[best], 5.0 * sigma)
        return "right" if errors[best] <= allowed else "wrong"


class _Maker:
    """Builds one scene step by step: expected counts, then noise, then the detector."""

    def __init__(self, seed: int, *, large: bool) -> None:
        self.rng = np.random.default_rng(seed)
        shapes = LARGE_SHAPES if large else SHAPES
        self.h, self.w = shapes[self.rng.integers(len(shapes))]
        self.diagonal = float(np.hypot(self.h, self.w))
        self.y, self.x = np.ogrid[: self.h, : self.w]
        self.traits = [f"{self.w}×{self.h}"]
        self.valid = np.ones((self.h, self.w), bool)
        self.background = float(np.exp(self.rng.uniform(np.log(0.1), np.log(300.0))))
        self.image = np.full((self.h, self.w), self.background, np.float32)
        self.shade = np.ones((1, 1), np.float32)
        self.rings: list[tuple[Circle, float, float]] = []

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def distance(self, x: float, y: float) -> NDArray[np.float32]:
        dx, dy = (self.x - x).astype(np.float32), (self.y - y).astype(np.float32)
        return np.sqrt(dx * dx + dy * dy)

    def darken(self, factor: NDArray[np.floating]) -> None:
        """Multiply everything that is there so far."""
        self.image *= factor.astype(np.float32)
        self.shade = self.shade * factor.astype(np.float32)

    def place_centre(self) -> None:
        kind = self.rng.choice(["inside", "border", "outside", "far"], p=[0.6, 0.15, 0.15, 0.1])
        size = np.array([self.w, self.h])
        if kind == "inside":
            centre = size * self.rng.uniform(0.2, 0.8, 2)
        else:
            away = {"border": 0.5, "outside": 0.75, "far": self.rng.uniform(1.0, 1.5)}[str(kind)]
            turn = self.rng.uniform(0, 2 * np.pi)
            side = np.array([np.cos(turn), np.sin(turn)])
            side /= np.abs(side).max()
            centre = size * (0.5 + away * side)
        self.cx, self.cy = map(float, centre)
        self.traits.append(f"centre {kind}")

    def azimuth_seen_deg(self, radius: float, flank: float = 0.0) -> float:
        """Longest unbroken arc of a circle that lies in the image with its flanks, in degrees."""
        turn = np.arange(0, 2 * np.pi, np.pi / 360)
        inside = np.ones(len(turn), bool)
        for r in (radius - flank, radius, radius + flank):
            x, y = self.cx + r * np.cos(turn), self.cy + r * np.sin(turn)
            inside &= (x > 3) & (y > 3) & (x < self.w - 4) & (y < self.h - 4)
        if inside.all():
            return 360.0
        start = int(np.flatnonzero(~inside)[0])
        run = best = 0
        for there in np.roll(inside, -start):
            run = run + 1 if there else 0
            best = max(best, run)
        return best / 2

    def first_radius(self, widest: float) -> float | None:
        """A radius of which enough is on the detector and that is many widths large."""
        smallest = max(7.0 * widest, 15.0)
        for _ in range(60):
            radius = float(self.diagonal * np.exp(self.rng.uniform(np.log(0.04), np.log(1.4))))
            if radius > smallest and self.azimuth_seen_deg(radius, 2.5 * widest) >= 42:
                return radius
        return None

    def add_rings(self) -> bool:
        name = str(self.rng.choice(list(CALIBRANTS), p=[0.35, 0.15, 0.15, 0.2, 0.15]))
        width = float(np.exp(self.rng.uniform(0.0, np.log(20.0))))
        first = self.first_radius(width)
        if first is None:
            return False
        ratios = [q for q in CALIBRANTS[name] if self.azimuth_seen_deg(q * first) > 0]
        spacing = min((b - a for a, b in pairwise(ratios)), default=1.0)
        width = min(width, max(spacing * first / 9.0, 1.0))
        self.snr_wanted = float(np.exp(self.rng.uniform(np.log(20.0), np.log(600.0))))
        for order, ratio in enumerate(ratios):
            circle = Circle(self.cx, self.cy, first * ratio)
            fade = float(self.rng.uniform(0.25, 1.0)) ** order
            self._draw(circle, width, fade, first)
            self.rings.append((circle, width, self.amplitude * fade))
        self.traits += [name, f"σ {width:.1f} px"]
        return True

    def _draw(self, circle: Circle, width: float, fade: float, first: float) -> None:
        distance = self.distance(self.cx, self.cy) - np.float32(circle.radius_px)
        shape = np.exp(-0.5 * (distance / np.float32(np.hypot(width, 0.29))) ** 2)
        if circle.radius_px == first:
            noise = self.background
            area = max(float((shape**2).sum()), 1.0)
            # amplitude A with A²·area = snr²·(background + A/2)
            s = self.snr_wanted**2 / area
            self.amplitude = 0.25 * s + np.sqrt((0.25 * s) ** 2 + s * noise)
            self.texture, self.grain = self.chance(0.12), self.chance(0.15)
            self.turn = float(self.rng.uniform(0, np.pi))
            self.traits += ["texture"] * self.texture + ["grainy"] * self.grain
        if self.texture or self.grain:
            azimuth = np.arctan2(self.y - self.cy, self.x - self.cx)
            shape = shape * self._modulation(azimuth)
        self.image += (self.amplitude * fade * shape).astype(np.float32)

    def _modulation(self, azimuth: NDArray[np.float64]) -> NDArray[np.float64]:
        factor = np.ones_like(azimuth)
        if self.texture:
            factor *= 1.0 + 0.7 * np.cos(2 * (azimuth - self.turn))
        if self.grain:
            spots = self.rng.gamma(0.8, 1 / 0.8, 1440)
            factor *= spots[((azimuth + np.pi) * (1440 / (2 * np.pi))).astype(int) % 1440]
        return factor

    def add_halo(self) -> None:
        size = self.diagonal * float(self.rng.uniform(0.02, 0.12))
        strength = self.background * float(np.exp(self.rng.uniform(0, np.log(3000))))
        r = self.distance(self.cx, self.cy) / size
        if self.chance(0.5):
            self.image += (strength * np.exp(-r)).astype(np.float32)
        else:
            self.image += (strength / (1.0 + r * r) ** 1.5).astype(np.float32)
        self.traits.append(f"halo ×{strength / self.background:.0f}")

    def add_gradient(self) -> None:
        turn = float(self.rng.uniform(0, 2 * np.pi))
        along = (self.x * np.cos(turn) + self.y * np.sin(turn)) / self.diagonal
        self.darken(np.exp(float(self.rng.uniform(0.5, 3.0)) * along))
        self.traits.append("gradient")

    def add_beamstop(self) -> None:
        radius = self.diagonal * float(self.rng.uniform(0.01, 0.04))
        shade = np.clip(0.5 + (self.distance(self.cx, self.cy) - radius) / 1.5, 0.02, 1)
        if self.chance(0.7):
            turn = float(self.rng.uniform(0, 2 * np.pi))
            dx, dy = self.x - self.cx, self.y - self.cy
            across = np.abs(dx * np.sin(turn) - dy * np.cos(turn))
            ahead = dx * np.cos(turn) + dy * np.sin(turn) > 0
            arm = np.clip(0.5 + across - 0.35 * radius, 0.1, 1)
            shade = np.where(ahead, np.minimum(shade, arm), shade)
        self.darken(shade)
        self.traits.append("beamstop")

    def add_aperture(self) -> None:
        x, y = (size * self.rng.uniform(0.35, 0.65) for size in (self.w, self.h))
        radius = min(self.w, self.h) * float(self.rng.uniform(0.4, 0.75))
        inside = np.clip(0.5 + (radius - self.distance(x, y)) / 1.5, 0.03, 1)
        self.darken(inside)
        self.traits.append("aperture")

    def add_streak(self) -> None:
        turn = float(self.rng.uniform(0, np.pi))
        across = (self.x - self.cx) * np.sin(turn) - (self.y - self.cy) * np.cos(turn)
        fall = np.exp(-self.distance(self.cx, self.cy) / (0.15 * self.diagonal))
        streak = np.exp(-0.5 * (across / 2.5) ** 2) * fall
        self.image += (30 * self.background * streak).astype(np.float32)
        self.traits.append("streak")

    def add_gaps(self) -> None:
        wide = max(4, self.w // 60)
        for start in range(int(self.rng.uniform(0.1, 0.3) * self.h), self.h, self.h // 4):
            self.valid[start : start + wide] = False
        middle = int(self.rng.uniform(0.3, 0.7) * self.w)
        self.valid[:, middle : middle + max(3, wide // 2)] = False
        self.traits.append("gaps")

    def strengths(self) -> list[tuple[float, float]]:
        """Signal-to-noise ratio and least σ of the centre of each ring, from its pixels."""
        result = []
        for circle, width, amplitude in self.rings:
            off = (self.distance(self.cx, self.cy) - circle.radius_px) / width
            near = (np.abs(off) < 3) & self.valid
            if near.sum() < 50:
                result.append((0.0, np.inf))
                continue
            shade = np.broadcast_to(self.shade, near.shape)[near]
            ring = amplitude * shade * np.exp(-0.5 * off[near] ** 2)
            ring -= ring.mean()
            noise = np.sqrt(float((ring**2 * np.clip(self.image[near], 1e-6, None)).sum()))
            snr = float((ring**2).sum()) / noise
            result.append((snr, width / snr * self._lever(near)))
        return result

    def _lever(self, near: NDArray[np.bool_]) -> float:
        """σ of the centre for σ = 1 of the ring's position, from where its pixels are seen."""
        rows, columns = np.nonzero(near)
        azimuth = np.arctan2(rows[::7] - self.cy, columns[::7] - self.cx)
        j = np.column_stack([np.cos(azimuth), np.sin(azimuth), np.ones(len(azimuth))])
        return float(np.sqrt(np.linalg.eigvalsh(np.linalg.pinv(j.T @ j / len(j))[:2, :2])[1]))


def _detect(maker: _Maker) -> tuple[NDArray[np.generic], NDArray[np.bool_] | None]:
    """Noise, defects and number format of a detector."""
    rng, image = maker.rng, maker.image
    kind = str(rng.choice(["counts", "ccd", "subtracted"], p=[0.65, 0.2, 0.15]))
    maker.traits.append(kind)
    if kind == "ccd":
        gain = float(rng.uniform(0.8, 4.0))
        pedestal = float(np.exp(rng.uniform(np.log(10), np.log(3000))))
        values = rng.poisson(image) * gain + rng.normal(pedestal, 1.5, image.shape)
        values = np.clip(np.rint(values), 0, 65535)
    else:
        values = rng.poisson(image).astype(np.float32)
    if maker.chance(0.5):
        count = int(rng.uniform(1, 2e-4 * image.size + 5))
        rows, columns = rng.integers(maker.h, size=count), rng.integers(maker.w, size=count)
        values[rows, columns] += np.exp(rng.uniform(np.log(30), np.log(3e5), count))
        maker.traits.append("hot pixels")
    if kind == "ccd":
        values[~maker.valid] = 0
        return np.minimum(values, 65535).astype(np.uint16), None
    if kind == "subtracted":
        frame = (values - maker.background * rng.uniform(0.8, 1.05)).astype(np.float32)
        frame[~maker.valid] = np.nan if maker.chance(0.5) else 0.0
        return frame, None
    if maker.chance(0.3):
        values[~maker.valid] = 0
        return values.astype(np.float64), ~maker.valid
    values[~maker.valid] = -1
    return np.minimum(values, 2**31 - 1).astype(np.int32), None


def make_scene(seed: int, *, large: bool = False, ring: bool = True) -> Scene:
    """Scene of a seed; ``large`` for 4 and 18 Mpx; ``ring`` False for a frame without any."""
    for attempt in range(20):
        maker = _Maker(seed * 100 + attempt, large=large)
        maker.place_centre()
        if not ring or maker.add_rings():
            break
    steps = (
        (maker.add_gradient, 0.25),
        (maker.add_halo, 0.6),
        (maker.add_streak, 0.1),
        (maker.add_beamstop, 0.5),
        (maker.add_aperture, 0.1 if ring else 0.25),
        (maker.add_gaps, 0.4),
    )
    for step, share in steps:
        if maker.chance(share):
            step()
    strengths = maker.strengths()
    data, mask = _detect(maker)
    return Scene(
        data,
        mask,
        tuple(circle for circle, _, _ in maker.rings),
        tuple(width for _, width, _ in maker.rings),
        tuple(snr for snr, _ in strengths),
        tuple(bound for _, bound in strengths),
        maker.traits,
    )
