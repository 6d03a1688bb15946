"""A simulated exposure for each warning that truly brings it, and its picture with what was found.

``made.py`` lays the pictures beside the causes; a test asks that each scene brings its warning.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from calibtool.model.circle import BoolArray, FloatArray
from calibtool.model.finding import find_ring
from calibtool.model.image import Image, default_mask
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.model.state.consistency import all_warnings
from calibtool.model.state.guidance import tips
from calibtool.model.state.session import Point, Result, Session
from calibtool.picture import Display
from calibtool.picture import Picture as Pixels
from calibtool.presenter import marks
from calibtool.tasks.calibrate import find, fit_points
from calibtool.tasks.entering import choose_calibrant, choose_ring
from calibtool.tasks.recognised import with_pattern
from calibtool.view.arcs import visible_part
from calibtool.view.renderer import Renderer
from calibtool.view.viewport import Viewport

SIDE = 400
SHOWN = 200
"""Px of a picture's side."""

RING_COLOURS = {"fit": "#00e060", "order": "#40a0ff"}
POINT_COLOUR = "#ff5050"
RING_GAP_PX = 4.0
ARM_PX = 4.0
BEAM = (203.3, 196.8)
AGBH_NM, PIXEL_MM, WAVELENGTH_NM = 5.838, 0.172, 0.1
RINGS_OF_AGBH = tuple((55.0 * n, 60.0 / n) for n in (1, 2, 3, 4))
"""Radius in px and height in counts of each."""

Y, X = np.mgrid[:SIDE, :SIDE].astype(float)
NOBODY = np.zeros((SIDE, SIDE), dtype=bool)


@dataclass(frozen=True)
class Scene:
    """What is exposed, what was entered, and where was clicked (by azimuth in degrees)."""

    counts: FloatArray
    settings: Settings = field(default_factory=Settings)
    ignore: BoolArray = field(default_factory=lambda: NOBODY)
    points: tuple[tuple[float, float], ...] = ()
    alone: bool = False

    def image(self) -> Image:
        """The exposure, with the noise of its counts."""
        data = np.random.default_rng(3).poisson(self.counts)
        data = np.minimum(data, np.iinfo(np.uint16).max).astype(np.uint16)
        return Image(data, self.ignore | default_mask(data))

    def session(self) -> Session:
        """What the program makes of it."""
        image = self.image()
        points = tuple(Point(x, y, x, y) for x, y in self.points)
        if self.alone:
            result = Result(ring=find_ring(image.data, mask=image.mask))
        elif points:
            result = fit_points(image, points, self.settings)
        else:
            result = find(image, self.settings)
        session = Session(image=image, settings=self.settings, points=points, result=result)
        return with_pattern(session)


def rings(
    *of: tuple[float, float], beam: tuple[float, float] = BEAM, width: float = 2.0,
    background: float = 4.0, across: float = 1.0,
) -> FloatArray:
    """Expected counts of rings (radius in px, height); ``across`` squeezes them along x."""
    r = np.hypot((X - beam[0]) / across, Y - beam[1])
    counts = np.full(r.shape, float(background))
    for radius, height in of:
        counts += height * np.exp(-0.5 * ((r - radius) / width) ** 2)
    return counts


def agbh(**more: float) -> FloatArray:
    """Four rings of silver behenate."""
    return rings(*RINGS_OF_AGBH, **more)  # type: ignore[arg-type]


def azimuth(beam: tuple[float, float] = BEAM) -> FloatArray:
    """Azimuth of each pixel in degrees."""
    return np.asarray(np.degrees(np.arctan2(Y - beam[1], X - beam[0])))


def on_ring(
    degrees: tuple[float, ...], radius: float = 110.0, off: tuple[float, ...] = (0.0,),
    beam: tuple[float, float] = BEAM,
) -> tuple[tuple[float, float], ...]:
    """Clicks on a ring, each some px off it."""
    angles = np.radians(degrees)
    r = radius + np.resize(off, len(degrees))
    return tuple(zip(
        (beam[0] + r * np.cos(angles)).tolist(), (beam[1] + r * np.sin(angles)).tolist(),
        strict=True,
    ))  # fmt: skip


def entered(
    calibrant: str = "", *, wavelength_nm: float | None = None, distance_mm: float | None = None,
    pixel_mm: float | None = PIXEL_MM, ring: int | None = None,
) -> Settings:
    """Settings of an instrument, and a calibrant that was chosen."""
    def quantity(value: float | None) -> Quantity:
        return Quantity(value, None, USER)

    settings = Settings(
        wavelength=quantity(wavelength_nm), distance=quantity(distance_mm),
        pixel_size=quantity(pixel_mm),
    )  # fmt: skip
    if calibrant:
        settings = choose_calibrant(settings, calibrant)
    return settings if ring is None else choose_ring(settings, ring, USER)


EVENLY = tuple(range(0, 360, 40))
KNOWN = entered("AgBh", wavelength_nm=WAVELENGTH_NM)


def _beside() -> FloatArray:
    return rings((900.0, 40.0), beam=(-720.0, 190.0), width=3.0)


def cubic(edge_px: float, of: tuple[int, ...], height: float = 60.0) -> FloatArray:
    """Rings of a cubic lattice at small angles, by h² + k² + l²."""
    return rings(*((edge_px * math.sqrt(n), height) for n in of))


def wide() -> FloatArray:
    """Rings of LaB6 at angles so large that they tell the wavelength."""
    sines = [0.05 * math.sqrt(n) / (2.0 * 0.41568) for n in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12)]
    return rings(*((330.0 * math.tan(2.0 * math.asin(s)), 60.0) for s in sines))


def _pulled() -> FloatArray:
    extra = rings((117.0, 200.0), background=0.0)
    return rings((110.0, 60.0), background=5.0) + np.where(np.abs(azimuth()) < 60, extra, 0.0)


def _edge() -> FloatArray:
    r = np.hypot(X - BEAM[0], Y - BEAM[1])
    return rings((110.0, 36.0), background=10.0) + 60.0 / (1.0 + np.exp(r - 110.0))


def spots() -> FloatArray:
    """Few grains on each of four rings."""
    counts = np.full((SIDE, SIDE), 4.0)
    chance = np.random.default_rng(5)
    for radius, number in ((55, 9), (78, 12), (110, 14), (135, 12)):
        for angle in chance.uniform(0.0, 2.0 * np.pi, number):
            x, y = BEAM[0] + radius * np.cos(angle), BEAM[1] + radius * np.sin(angle)
            counts += 60.0 * np.exp(-0.5 * ((X - x) ** 2 + (Y - y) ** 2) / 1.4**2)
    return counts


SCENES: dict[str, Callable[[], Scene]] = {
    "too_few_points": lambda: Scene(agbh(), KNOWN, points=on_ring((10, 90, 160, 230, 310))),
    "short_arc": lambda: Scene(rings((330.0, 60.0), beam=(-60.0, 200.0)), KNOWN),
    "large_gap": lambda: Scene(
        rings((110.0, 60.0)), KNOWN, np.abs(azimuth()) < 75
    ),
    "many_outliers": lambda: Scene(
        rings((110.0, 60.0)), KNOWN,
        points=on_ring(EVENLY, off=(0, 0.1, 0, 0, -12, 0, 9, 0, 15)),
    ),
    "poor_fit": lambda: Scene(
        rings((110.0, 60.0)), KNOWN,
        points=on_ring(tuple(range(0, 360, 24)), off=(4, -3.1, 2.2, -4, 3, -2.5, 3.3, -3)),
    ),
    "weak_ring": lambda: Scene(
        rings((110.0, 0.55), background=6.0), KNOWN, points=on_ring(EVENLY)
    ),
    "saturated": lambda: Scene(rings((110.0, 8e4), width=3.0, background=50.0), KNOWN),
    "elliptical": lambda: Scene(rings((110.0, 60.0), across=1.03), KNOWN),
    "centre_far_outside": lambda: Scene(_beside(), KNOWN),
    "not_one_ring": lambda: Scene(rings((110.0, 40.0), (116.0, 30.0), width=3.0), KNOWN),
    "tilt_not_measured": lambda: Scene(rings((110.0, 60.0)), entered("AgBh", ring=1)),
    "fixed_center_off": lambda: Scene(agbh(), replace(
        KNOWN, center_x=Quantity(BEAM[0] + 1.5, None, USER),
        center_y=Quantity(BEAM[1], None, USER), fixed_center=True)),
    "distance_disagrees": lambda: Scene(
        agbh(), entered("AgBh", wavelength_nm=WAVELENGTH_NM, distance_mm=600.0)),
    "other_calibrant": lambda: Scene(agbh(), entered("LaB6")),
    "calibrant_unknown": lambda: Scene(
        rings((40, 60), (57, 50), (93, 60), (131, 40), (170, 30)), entered()),
    "calibrant_not_told": lambda: Scene(cubic(50.0, (3, 4, 8, 11, 12)), entered()),
    "unexplained_rings": lambda: Scene(
        rings(*RINGS_OF_AGBH, (83.0, 60.0), (139.0, 50.0)), KNOWN),
    "rings_elsewhere": lambda: Scene(rings((47, 60), (101, 50), (137, 50), (171, 30)), KNOWN),
    "wavelength_contradicted": lambda: Scene(wide(), entered("LaB6", wavelength_nm=0.06)),
    "ring_numbers_uncertain": lambda: Scene(rings((110, 60)), entered("AgBh")),
    "only_spots": lambda: Scene(spots(), entered()),
    "estimates_differ": lambda: Scene(_pulled(), alone=True),
    "like_an_edge": lambda: Scene(_edge(), alone=True),
    "far_point": lambda: Scene(
        agbh(), KNOWN, points=on_ring(EVENLY, off=(0, 0, 0, 0, 8, 0, 0, 0, 0))
    ),
    "points_too_close": lambda: Scene(agbh(), KNOWN, points=on_ring((*EVENLY, 41.0))),
    "ring_not_used": lambda: Scene(np.full((SIDE, SIDE), 4.0), KNOWN, points=on_ring(EVENLY)),
}  # fmt: skip


def codes(session: Session) -> set[str]:
    """Codes of what the program says of a session, its advice on points among them."""
    image, result = session.image, session.result
    if image is None or result is None:
        return set()
    advice = tips(session.xy(), session.circle, image.data.shape) if session.points else ()
    return {said.code for said in (*all_warnings(result, session.settings), *advice)}


def picture(session: Session) -> Picture.Image:
    """The image with what was found on it, as the window would show it small."""
    image = session.image
    if image is None:
        raise ValueError("there is nothing to be seen without an image")
    view = Viewport.fitted(SHOWN, SHOWN, image.data.shape)
    display = Display(colormap="gray", stretch="sqrt", show_mask=True)
    shown = Renderer(Pixels(image.data, image.mask)).frame(view, display)
    pen = ImageDraw.Draw(shown)
    for ring in marks.rings(session):
        for away in (-RING_GAP_PX, RING_GAP_PX) if ring.role == "fit" else (0.0,):
            for line in visible_part(ring, away, view):
                pen.line(line, fill=RING_COLOURS.get(ring.role, RING_COLOURS["order"]))
    for cross in marks.crosses(session):
        _cross(pen, *view.to_canvas(cross.x, cross.y), RING_COLOURS["fit"])
    for point in marks.points(session):
        _cross(pen, *view.to_canvas(point.x, point.y), POINT_COLOUR)
    return shown.quantize(64, dither=Picture.Dither.NONE)


def _cross(pen: ImageDraw.ImageDraw, x: float, y: float, colour: str) -> None:
    pen.line([x - ARM_PX, y, x + ARM_PX, y], fill=colour)
    pen.line([x, y - ARM_PX, x, y + ARM_PX], fill=colour)


def write_pictures(folder: Path) -> None:
    """A picture for each warning, named by its code."""
    folder.mkdir(parents=True, exist_ok=True)
    for code, scene in SCENES.items():
        session = scene().session()
        if code not in codes(session):
            raise ValueError(f"the scene of {code} brings {sorted(codes(session))}")
        picture(session).save(folder / f"{code}.png", optimize=True)
