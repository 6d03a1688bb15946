"""Open an image and fill in what its file and its size tell."""

import os
from dataclasses import dataclass, replace

from calibtool.errors import CalibtoolError
from calibtool.instruments.detector_masks import detector_mask
from calibtool.instruments.detectors import DetectorMatch, detect_detector
from calibtool.io.folder import list_images
from calibtool.io.images import split_dataset
from calibtool.model.header_geometry import HeaderGeometry
from calibtool.model.image import Image
from calibtool.model.pixels.reasons import Reason, with_reason
from calibtool.model.settings import USER, Quantity, Settings
from calibtool.tasks.entering import unchosen
from calibtool.tasks.exposing import load_exposed, masked


@dataclass(frozen=True, eq=False)
class Opened:
    """An image with its gaps masked, settings with what is known, its folder, and remarks."""

    image: Image
    settings: Settings
    detector: DetectorMatch
    folder: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def open_image(path: str, frame: int, settings: Settings) -> Opened:
    """Load one frame and take wavelength, distance, pixel size and detector from it.

    The exposure of the settings says whether it is one frame, and what is done to it. What the
    user typed is kept; what came from an earlier file is replaced or cleared.

    Raises
    ------
    ImageReadError, InputError
        The file, or one of its exposure, cannot be used; the text names it and the reason.
    """
    exposure = settings.exposure
    image, notes = load_exposed(path, frame, replace(exposure, mask=()))
    detector = detect_detector(image)
    if detector.name:
        gaps = detector_mask(detector.name, image.data.shape)
        image = with_reason(image, Reason.DETECTOR, gaps)
    image = masked(image, exposure.mask)
    filled, remarks = fill_in(settings, image.geometry, detector)
    if not filled.calibrant_chosen:
        # What was recognised belongs to the image it was recognised on.
        filled = unchosen(filled)
    return Opened(image, filled, detector, folder_of(path), (*notes, *remarks))


def folder_of(path: str) -> tuple[str, ...]:
    """Return the images beside an image, in natural order, this one included."""
    file, _ = split_dataset(path)
    own = os.path.abspath(file)
    folder = os.path.dirname(own)
    try:
        names = list_images(folder)
    except CalibtoolError:
        return (path,)
    return tuple(path if os.path.abspath(name) == own else name for name in names)


def fill_in(
    settings: Settings, header: HeaderGeometry, detector: DetectorMatch
) -> tuple[Settings, tuple[str, ...]]:
    """Return settings with header and detector values in place of unconfirmed ones."""
    remarks: list[str] = []
    sources = header.sources

    def from_header(value: float | None, name: str) -> Quantity | None:
        return None if value is None else Quantity(value, None, sources.get(name, "file header"))

    pixel = from_header(header.pixel_size_x_mm, "pixel_size_x_mm")
    if pixel is None and detector.pixel_size_mm is not None:
        pixel = Quantity(detector.pixel_size_mm, None, detector.source)
    wavelength = from_header(header.wavelength_nm, "wavelength_nm")
    distance = from_header(header.distance_mm, "distance_mm")
    filled = replace(
        settings,
        wavelength=_take(settings.wavelength, wavelength, "wavelength", remarks),
        distance=_take(settings.distance, distance, "distance", remarks),
        pixel_size=_take(settings.pixel_size, pixel, "pixel size", remarks),
        detector=detector.name or "",
        detector_source=detector.source,
        detector_candidates=tuple(candidate.name for candidate in detector.candidates),
    )
    if detector.message:
        remarks.append(detector.message)
    return filled, tuple(remarks)


def _take(
    have: Quantity, found: Quantity | None, name: str, remarks: list[str]
) -> Quantity:
    if have.source != USER:
        return found or Quantity()
    yours, theirs = have.value, None if found is None else found.value
    if yours and theirs and abs(yours / theirs - 1.0) > 0.01:
        remarks.append(
            f"The {name} you entered ({yours:g}) is not the file's ({theirs:g}); "
            "yours is kept."
        )
    return have
