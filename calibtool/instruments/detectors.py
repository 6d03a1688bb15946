"""Which detector recorded an image, and its pixel size: from the header, then the shape."""

import difflib
import re
from dataclasses import dataclass

from calibtool.errors import InputError
from calibtool.instruments.cache import NO_PYFAI, has_pyfai
from calibtool.instruments.detector_table import DetectorEntry, detector_table, plain
from calibtool.model.header_geometry import HeaderGeometry
from calibtool.model.image import Image

_ALIASES = {"mar1652x2": "RayonixSx165"}
_BINNING = re.compile(r"^(.*?)[ _-]*(\d+)x\2$", re.IGNORECASE)


@dataclass(frozen=True)
class DetectorCandidate:
    """A detector that may have recorded the image; pixel size in mm, None if not square."""

    name: str
    label: str
    pixel_size_mm: float | None

    def __str__(self) -> str:
        size = "" if self.pixel_size_mm is None else f" ({self.pixel_size_mm:g} mm)"
        return f"{self.label}{size}"


@dataclass(frozen=True)
class DetectorMatch:
    """What is known of the detector of an image.

    ``name`` (one that pyFAI accepts) is None for the default, generic detector;
    ``pixel_size_mm`` is None where it is not known and must be asked for. ``source`` says in
    words where both are from, ``candidates`` are the detectors to choose from, ``message``
    is what the user must be told, empty where nothing.
    """

    name: str | None
    pixel_size_mm: float | None
    source: str
    candidates: tuple[DetectorCandidate, ...] = ()
    message: str = ""


def detect_detector(image: Image) -> DetectorMatch:
    """The detector of an image, from the header of the file, then from the image's shape.

    Nothing is guessed: where detectors with different pixel sizes have this shape, or the
    shape is a power of two that any camera may have, the generic detector is returned and
    the candidates with it.

    Parameters
    ----------
    image : Image
        An image as loaded.
    """
    rows, columns = image.data.shape[:2]
    fitting = _candidates((rows, columns))
    header_size = image.geometry.pixel_size_mm
    if header_size is not None:
        return _from_header(image, fitting, header_size)
    if image.geometry.pixel_size_x_mm is not None:
        return _not_square(image, fitting)
    return _from_shape(image, fitting, f"{columns} × {rows} pixels")


def choose_detector(name: str, shape: tuple[int, int]) -> DetectorMatch:
    """The detector a user chose by name.

    Parameters
    ----------
    name : str
        Any name or alias of pyFAI's registry, spaces and case ignored; ``…_2x2`` asks for
        that binning.
    shape : (int, int)
        Rows and columns of the image.

    Returns
    -------
    DetectorMatch
        The generic detector and a ``message`` where the name is unknown or the detector
        does not have this shape.
    """
    entry = _by_name(name)
    if entry is None:
        return _default(f"{_unknown(name)}; the default detector is used.", _candidates(shape))
    if entry.hexagonal:
        return _default(f"{_hexagonal(entry)}; the default detector is used.", _candidates(shape))
    readout = entry.fitting(shape)
    if readout is None:
        sizes = ", ".join(f"{s.columns} × {s.rows}" for s in entry.shapes[:4])
        return _default(
            f"{entry.label} has {sizes} pixels and this image {shape[1]} × {shape[0]}, so it "
            "does not fit; the default detector is used: choose another one or type the pixel "
            "size.",
            _candidates(shape),
        )
    if readout.pixel_size_mm is None:
        return _default(
            f"The pixels of {entry.label} are not square, which this program cannot use; "
            "the default detector is used.",
            (),
        )
    return DetectorMatch(
        name=entry.name,
        pixel_size_mm=readout.pixel_size_mm,
        source=f"chosen by the user: {entry.label}",
        candidates=(DetectorCandidate(entry.name, entry.label, readout.pixel_size_mm),),
    )


def check_known(name: str) -> None:
    """Raise InputError where no detector that can be used has this name; says which are like it.

    Raises
    ------
    InputError
        No detector has this name, or its pixels are hexagonal.
    """
    entry = _by_name(name)
    if entry is None:
        start = _unknown(name)
        raise InputError(
            f"{start}; 'calibtool detectors' lists all of them.",
            in_window=f"{start}; choose one from the list.",
        )
    if entry.hexagonal:
        raise InputError(f"{_hexagonal(entry)}; choose another one, or give the pixel size.")


def find_detectors(words: str = "") -> tuple[DetectorEntry, ...]:
    """Detectors whose names hold all the words, in the order of their labels."""
    wanted = [plain(word) for word in words.split()]
    table = sorted(detector_table(), key=lambda entry: entry.label.lower())
    return tuple(
        entry
        for entry in table
        if not entry.hexagonal
        and all(any(word in plain(n) for n in (*entry.names, entry.label)) for word in wanted)
    )


def _candidates(shape: tuple[int, int]) -> tuple[DetectorCandidate, ...]:
    found = []
    for entry in detector_table():
        readout = entry.fitting(shape)
        if readout is not None and entry.flat:
            found.append(DetectorCandidate(entry.name, entry.label, readout.pixel_size_mm))
    return tuple(sorted(found, key=lambda c: ("cdte" in plain(c.name), c.label.lower())))


def _from_header(
    image: Image, fitting: tuple[DetectorCandidate, ...], size: float
) -> DetectorMatch:
    source = image.geometry.sources["pixel_size_x_mm"]
    agreeing = tuple(
        c for c in fitting if c.pixel_size_mm and abs(c.pixel_size_mm - size) < 0.005 * size
    )
    named = _same_family(agreeing, image.geometry.detector or "")
    if named is None:
        return DetectorMatch(None, size, source, agreeing)
    source = f"{source}; its shape is that of {named.label}"
    return DetectorMatch(named.name, size, source, agreeing)


def _not_square(image: Image, fitting: tuple[DetectorCandidate, ...]) -> DetectorMatch:
    x, y = image.geometry.pixel_size_x_mm, image.geometry.pixel_size_y_mm
    message = (
        f"The file says that a pixel is {x} × {y} mm, which is not square; "
        "type the pixel size to be used."
    )
    return _default(message, fitting)


def _from_shape(
    image: Image, fitting: tuple[DetectorCandidate, ...], shape_text: str
) -> DetectorMatch:
    if not fitting:
        if not has_pyfai():
            return _default(NO_PYFAI, ())
        return _default(f"No detector in the table has {shape_text}; type the pixel size.", fitting)
    by_name = _named(fitting, image.geometry)
    if by_name is not None:
        return by_name
    sizes = {c.pixel_size_mm for c in fitting}
    listed = ", ".join(str(c) for c in fitting[:6]) + (" …" if len(fitting) > 6 else "")
    if len(sizes) > 1 or _is_common(image.data.shape[:2]):
        return _default(
            f"{shape_text} may be of {listed}: choose the detector or type the pixel size.",
            fitting,
        )
    named = _same_family(fitting, image.geometry.detector or "")
    source = f"detector table: {shape_text} is {' or '.join(map(str, fitting))}"
    return DetectorMatch(named.name if named else None, sizes.pop(), source, fitting)


def _named(
    fitting: tuple[DetectorCandidate, ...], header: HeaderGeometry
) -> DetectorMatch | None:
    """The one candidate that the header names, if there is one and its pixels are square."""
    written = plain(header.detector or "")
    named = [c for c in fitting if plain(c.name) in written or plain(c.label) in written]
    if len(named) != 1 or named[0].pixel_size_mm is None:
        return None
    source = f"{header.sources.get('detector', 'file header')}; its pixel size from the table"
    return DetectorMatch(named[0].name, named[0].pixel_size_mm, source, fitting)


def _is_common(shape: tuple[int, ...]) -> bool:
    """Square with a power of two: what any camera may deliver, so no sign of a detector."""
    return shape[0] == shape[1] and shape[0] & (shape[0] - 1) == 0


def _same_family(
    candidates: tuple[DetectorCandidate, ...], header_name: str
) -> DetectorCandidate | None:
    """The one that is meant where the candidates differ in the sensor's material only."""
    families = {plain(c.name).replace("cdte", "") for c in candidates}
    if len(families) != 1:
        return None
    cdte = "cdte" in plain(header_name)
    matching = [c for c in candidates if ("cdte" in plain(c.name)) == cdte]
    return (matching or list(candidates))[0]


def _default(message: str, candidates: tuple[DetectorCandidate, ...]) -> DetectorMatch:
    return DetectorMatch(None, None, f"default detector: {message}", candidates, message)


def _by_name(name: str) -> DetectorEntry | None:
    wanted = plain(_ALIASES.get(plain(name), name))
    found = _exact(wanted)
    binned = _BINNING.match(name.strip())
    if found is None and binned is not None:
        found = _exact(plain(binned.group(1)))
    return found


def _exact(wanted: str) -> DetectorEntry | None:
    return next(
        (e for e in detector_table() if wanted in {plain(n) for n in (*e.names, e.name, e.label)}),
        None,
    )


def _unknown(name: str) -> str:
    """That there is no such detector, without a full stop."""
    if not has_pyfai():
        return NO_PYFAI.rstrip(".")
    usable = [entry for entry in detector_table() if not entry.hexagonal]
    labels = {plain(n): e.label for e in usable for n in (*e.names, e.label)}
    close = difflib.get_close_matches(plain(name), labels, n=3)
    hint = f" (similar: {', '.join(dict.fromkeys(labels[c] for c in close))})" if close else ""
    return f"There is no detector {name!r}{hint}"


def _hexagonal(entry: DetectorEntry) -> str:
    return f"The pixels of {entry.label} are hexagonal, which is not supported"
