"""The inputs of the window as a table: key, label, and how it is typed or chosen."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["entry", "choice", "search", "read"]


@dataclass(frozen=True)
class Input:
    """One input.

    ``kind``: a text to type, a list, a list that is searched by typing, a number only read.
    """

    key: str
    label: str
    kind: Kind = "entry"
    tip: str = ""


@dataclass(frozen=True)
class Group:
    """Inputs that stand together under a title."""

    title: str
    inputs: tuple[Input, ...]
    opened: bool = True


CALIBRANT = (
    Input("calibrant", "Calibrant", "search", "Type a part of the name to search"),
    Input("ring", "Fitted ring", "choice", "Counted outwards; ring 1 is the innermost"),
)
INSTRUMENT = Group("Inputs", (
    Input("wavelength", "Wavelength", "entry", "Type this or the energy"),
    Input("energy", "Energy", "entry", "Type this or the wavelength"),
    Input("detector", "Detector", "search", "Type a part of the name to search"),
    Input("pixel_size", "Pixel size", "entry", "Side of a pixel, after binning"),
    Input("d_spacing", "d-spacing", "entry", "Lattice spacing of the fitted ring"),
    Input("distance", "Distance", "entry", "From the sample to the detector, as far as known"),
))
CENTER = (
    Input("center_x", "Beam x", "entry", "Column; an integer is the centre of a pixel"),
    Input("center_y", "Beam y", "entry", "Row, counted from the top"),
)
NEEDED = ("wavelength", "pixel_size", "detector")
"""Inputs without which there is no distance."""
SAMPLE = Group("Spacing in your sample", (
    Input("scale", "Scale", "read", "Wavelength · distance / pixel size, for small angles"),
    Input("s10", "Spacing S10", "entry",
          "Distance of your pattern's 1,0 reflection from the beam; Measure gives it"),
    Input("d10", "Its d10", "read", "d-spacing of the 1,0 reflection: scale / S10"),
), opened=False)
FIT = Group("Fit of points", (
    Input("mode", "Points go to", "choice", "What a clicked point is moved to"),
    Input("window", "Search window", "entry", "How far from the click the ring is searched"),
    Input("threshold", "Threshold", "entry", "Farther off is an outlier, in units of the MAD"),
    Input("population", "Population", "entry", "Population size of the differential evolution"),
    Input("generations", "Generations", "entry", "Generations of each start"),
    Input("starts", "Starts", "entry", "Number of initial guesses; the best result is kept"),
    Input("seed", "Seed", "entry", "The same seed gives the same numbers"),
), opened=False)
FOLDER = (
    Input("pattern", "Files", "entry", "Which files of the folder, for example *.tif"),
    Input("drift_limit", "Drift limit", "entry", "A beam farther off than this is flagged"),
)
FIXED_CENTER = "fixed_center"
