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


CALIBRANT = Group("Calibration image", (
    Input("calibrant", "Calibrant", "search", "Type a part of the name to search"),
    Input("ring", "Ring", "choice", "Which ring of the calibrant is measured, counted outwards"),
    Input("d_spacing", "d-spacing", "entry", "Lattice spacing of this ring"),
))
PARAMETERS = Group("Parameters", (
    Input("wavelength", "Wavelength λ", "entry", "Type this or the energy"),
    Input("energy", "Energy", "entry", "Type this or the wavelength"),
    Input("distance", "Distance S_dd", "entry", "From the sample to the detector"),
    Input("pixel_size", "Pixel size", "entry", "Side of a pixel, after binning"),
    Input("scale", "Scale", "read", "d·R of the ring, or λ·S_dd / pixel size, for small angles"),
    Input("s10", "Spacing S10", "entry",
          "Distance of your pattern's 1,0 reflection from the beam, in pixels; Measure gives it"),
    Input("d10", "Its d10", "read", "d-spacing of the 1,0 reflection: scale / S10"),
))
CENTER = Group("Centre", (
    Input("center_x", "x", "entry", "Column; an integer is the centre of a pixel"),
    Input("center_y", "y", "entry", "Row, counted from the top"),
))
DETECTOR = Group("Detector", (
    Input("detector", "Detector", "search", "Type a part of the name to search"),
))
FIT = Group("Fit settings", (
    Input("mode", "Points go to", "choice", "What a clicked point is moved to"),
    Input("window", "Search window", "entry", "How far from the click the ring is searched"),
    Input("threshold", "Outlier limit", "entry", "In units of the MAD scale of the residuals"),
    Input("population", "Population", "entry", "Population size of the differential evolution"),
    Input("generations", "Generations", "entry", "Generations of each start"),
    Input("starts", "Starts", "entry", "Number of initial guesses; the best result is kept"),
    Input("seed", "Seed", "entry", "The same seed gives the same numbers"),
), opened=False)
FOLDER = (
    Input("pattern", "Files", "entry", "Which files of the folder, for example *.tif"),
    Input("drift_limit", "Drift limit", "entry", "A centre farther off than this is flagged"),
)
FIXED_CENTER = "fixed_center"
