"""Scenes of every kind, to be shown to the window."""

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from calibtool.picture import Picture
from calibtool.scene import (
    Advice,
    Busy,
    CrossMark,
    Curve,
    Field,
    Notice,
    PointMark,
    Remedy,
    ResultRow,
    RingMark,
    Scene,
    Strip,
    Table,
    Verdict,
)
from calibtool.view import inputs
from calibtool.view.commands import COMMANDS

CIRCLE = RingMark(60.0, 45.0, 30.0, "fit", "AgBh 1")
ALL_COMMANDS = frozenset(command.name for command in COMMANDS)
KEYS = tuple(
    spec.key
    for specs in (
        inputs.CALIBRANT, inputs.INSTRUMENT.inputs, inputs.CENTER, inputs.SAMPLE.inputs,
        inputs.FIT.inputs, inputs.FOLDER,
    )
    for spec in specs
)


def picture(name: str = "ring.tif") -> Picture:
    """A ring in noise, 90 rows and 120 columns."""
    y, x = np.ogrid[:90, :120]
    ring = 50.0 * np.exp(-0.5 * (np.hypot(x - CIRCLE.x, y - CIRCLE.y) - CIRCLE.radius) ** 2)
    data = np.random.default_rng(3).poisson(ring + 4.0).astype(np.uint16)
    mask = np.zeros(data.shape, dtype=bool)
    mask[:, 40:42] = True
    return Picture(data, mask, name, "2 % of the pixels are left out")


def points(azimuths: tuple[float, ...] = (0, 50, 100, 170, -130, -60)) -> tuple[PointMark, ...]:
    """Points on the circle; the third is an outlier, the fourth was not refined."""
    marks = []
    for index, azimuth in enumerate(azimuths):
        residual = 3.0 if index == 2 else 0.1 * (index - 2)
        angle = math.radians(azimuth)
        x = CIRCLE.x + (CIRCLE.radius + residual) * math.cos(angle)
        y = CIRCLE.y + (CIRCLE.radius + residual) * math.sin(angle)
        marks.append(PointMark(
            index + 1, x + 0.8, y - 0.6, x, y, index != 3,
            "outlier" if index == 2 else "inlier", residual, float(azimuth),
        ))
    return tuple(marks)


def fields() -> dict[str, Field]:
    """Every input, with something in it."""
    known = {key: Field("1.5", "px", "default") for key in KEYS}
    known["calibrant"] = Field("AgBh", choices=("AgBh", "CeO2", "LaB6"), source="default",
                               unconfirmed=True)
    known["ring"] = Field("1", choices=("1", "2", "3"))
    known["detector"] = Field(
        "Pilatus 1M", choices=("Pilatus 1M", "Pilatus 2M", "Eiger2 9M", "MarCCD 165"),
        source="header",
    )
    known["mode"] = Field("peak", choices=("peak", "edge"))
    known["fixed_center"] = Field("")
    return known


def fitted() -> Scene:
    """A calibrated image with points, results, history, folder and series."""
    steps = tuple(float(step) for step in range(20))
    objective = tuple(math.exp(-step / 4) + 0.1 for step in steps)
    return Scene(
        title="ring.tif — calibtool",
        picture=picture(),
        rings=(CIRCLE,),
        crosses=(CrossMark(CIRCLE.x, CIRCLE.y, "fit"),),
        points=points(),
        fields=MappingProxyType(fields()),
        results=(ResultRow("Beam x", "60.00", "px", "0.02", "ring", "beam_x"),
                 ResultRow("Tilt", "", key="tilt"),
                 ResultRow("Radius", "30.00", "px", "0.01", "ring", "radius", "of ring 1", True)),
        verdict=Verdict("Good", "centre ±0.02 px", "good"),
        warnings=(Advice("short_arc", "Only a short arc is seen", "Add points elsewhere.",
                         Remedy("pick", "Set points")),),
        strip=Strip((-90.0, 0.0, 90.0), (0.1, -0.1, 0.05), ("The centre fits.",)),
        convergence=(
            Curve("start 1", steps, objective, "objective (px²)", log=True),
            Curve("start 2", steps, tuple(2 * value for value in objective), "objective (px²)",
                  log=True),
            Curve("start 1", steps, tuple(30 + value for value in objective), "radius (px)"),
        ),
        history=Table(("start", "iteration", "objective"), (("1", "0", "1.1"), ("1", "1", "0.9"))),
        folder=Table(("file", "frame"), (("b.tif", "0"), ("a.tif", "0"), ("c.tif", "0")), 1),
        series=Table(("file", "dx_px"), (("a.tif", "0.5"), ("b.tif", "−0.1"), ("c.tif", ""))),
        drift=(Curve("dx", (0.0, 1.0), (0.5, -0.1), "drift (px)", markers=True),),
        hint="Press OK to use this calibration.",
        enabled=ALL_COMMANDS,
    )


def every_kind() -> dict[str, Scene]:
    """Scenes that differ in what the window has to show."""
    good = fitted()
    bare = replace(good, rings=(), crosses=(), points=(), results=(), verdict=Verdict(),
                   warnings=(), strip=Strip(), convergence=(), history=Table())
    return {
        "nothing": Scene(),
        "image only": bare,
        "fitted": good,
        "selected": replace(good, selected=3),
        "stale": replace(good, verdict=Verdict("Old", dimmed=True),
                         rings=(replace(CIRCLE, role="stale"),)),
        "picking": replace(good, picking=True, checked=frozenset({"pick"}), selected=1),
        "frozen lens": replace(good, picking=True, lens=(90.0, 45.0)),
        "busy": replace(good, busy=Busy("Searching", 0.25)),
        "busy without end": replace(good, busy=Busy("Reading", None)),
        "choice": replace(good, notice=Notice("Which one?", "warning", (("a", "A"), ("b", "B")))),
        "error": replace(bare, notice=Notice("No ring was found.", "error")),
        "fair": replace(good, verdict=Verdict("Fair", "±1 px", "fair")),
        "poor": replace(good, verdict=Verdict("Poor", "±9 px", "poor")),
        "dark": replace(good, display=replace(good.display, dark=True, colormap="magma")),
        "other columns": replace(good, series=Table(("a", "b", "c"), (("1", "2", "3"),))),
        "no folder": replace(good, folder=Table(), series=Table(), drift=()),
        "field error": replace(good, fields=MappingProxyType(
            {**good.fields, "energy": Field("abc", "keV", error="Energy must be a number.")})),
        "not numbers": replace(good, convergence=(
            Curve("start 1", (0.0, 1.0, 2.0), (math.nan, math.inf, 1.0), "objective", log=True),
            Curve("start 2", (), (), "objective", log=True),
            Curve("start 3", (0.0, 1.0), (-1.0, 0.0), "below zero", log=True))),
        "one of each": replace(good, points=points((20.0,)),
                               convergence=(Curve("start 1", (0.0,), (1.0,), "objective"),)),
    }
