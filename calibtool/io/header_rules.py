"""Which key of which file format holds which number, and in which unit.

Sources: the Dectris CBF and TIFF text header (Pilatus user manuals); ESRF's "SAXS keywords"
for EDF (lengths in m, centres counted from the pixel's corner); the header structures of
MarCCD and mar345 as fabio decodes them; the ADSC SMV and d*TREK key words; NeXus NXdetector,
NXbeam and NXmonochromator, with the names the Eiger master file uses.
"""

import re
from dataclasses import dataclass

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
NUMBER = re.compile(_NUMBER)
NUMBER_AND_UNIT = re.compile(rf"({_NUMBER})\s*([A-Za-zµμÅ]*)")

TO_MM = {"m": 1e3, "cm": 10.0, "mm": 1.0, "um": 1e-3, "nm": 1e-6}
TO_NM = {"m": 1e9, "nm": 1.0, "angstrom": 0.1, "pm": 1e-3, "fm": 1e-6}
TO_S = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
TO_KEV = {"ev": 1e-3, "kev": 1.0}
UNIT_NAMES = {
    "a": "angstrom",
    "å": "angstrom",
    "ang": "angstrom",
    "angstroms": "angstrom",
    "µm": "um",
    "μm": "um",
    "micron": "um",
    "microns": "um",
    "meter": "m",
    "metre": "m",
    "meters": "m",
    "millimeter": "mm",
    "sec": "s",
    "second": "s",
    "seconds": "s",
}


@dataclass(frozen=True)
class Rule:
    """One number of a header.

    ``key`` is matched against the end of the key, ignoring case. ``units`` are tried in
    order until the value is credible; a unit written beside the value wins. ``index`` is the
    position of the number where several stand in one value.
    """

    field: str
    key: str
    units: tuple[str, ...] = ("",)
    index: int = 0
    factor: float = 1.0


_M, _MM, _UM = ("m", "mm", "um"), ("mm", "m"), ("um", "mm", "m")
_WAVE, _ANGSTROM = ("m", "angstrom", "nm"), ("angstrom",)

DECTRIS = (
    Rule("pixel_size_x_mm", "Pixel_size", _M, 0),
    Rule("pixel_size_y_mm", "Pixel_size", _M, 1),
    Rule("wavelength_nm", "Wavelength", _ANGSTROM),
    Rule("energy_kev", "Energy", ("ev", "kev")),
    Rule("distance_mm", "Detector_distance", _M),
    Rule("center_x_px", "Beam_xy", index=0),
    Rule("center_y_px", "Beam_xy", index=1),
    Rule("saturation", "Count_cutoff"),
    Rule("exposure_s", "Exposure_time", ("s",)),
    Rule("detector", "Detector"),
)
EDF = (
    Rule("pixel_size_x_mm", "PSize_1", _M),
    Rule("pixel_size_y_mm", "PSize_2", _M),
    Rule("pixel_size_x_mm", "pixelsize_x", _M),
    Rule("pixel_size_y_mm", "pixelsize_y", _M),
    Rule("pixel_size_x_mm", "pixel_size_x", _M),
    Rule("pixel_size_y_mm", "pixel_size_y", _M),
    Rule("wavelength_nm", "WaveLength", _WAVE),
    Rule("energy_kev", "energy_bragg", ("kev", "ev")),
    Rule("energy_kev", "photon_energy", ("ev", "kev")),
    Rule("energy_kev", "energy", ("kev", "ev")),
    Rule("distance_mm", "SampleDistance", _M),
    Rule("distance_mm", "detector_distance", _M),
    Rule("center_x_px", "Center_1"),
    Rule("center_y_px", "Center_2"),
    Rule("saturation", "Count_cutoff"),
    Rule("detector", "DetectorName"),
    Rule("detector", "detector_model"),
    Rule("detector", "camera_name"),
    Rule("detector", "camera_type"),
    Rule("detector", "detector"),
    Rule("exposure_s", "ExposureTime", ("s",)),
    Rule("exposure_s", "exposure_time", ("s",)),
    Rule("exposure_s", "acq_expo_time", ("s",)),
    Rule("exposure_s", "count_time", ("s",)),
    Rule("dummy", "Dummy"),
    Rule("dummy_width", "DDummy"),
)
MARCCD = (
    Rule("pixel_size_x_mm", "pixelsize_x", ("nm",)),
    Rule("pixel_size_y_mm", "pixelsize_y", ("nm",)),
    Rule("wavelength_nm", "source_wavelength", ("fm",)),
    Rule("distance_mm", "start_xtal_to_detector", ("um",)),
    Rule("distance_mm", "xtal_to_detector", ("um",)),
    Rule("center_x_px", "beam_x", factor=1e-3),
    Rule("center_y_px", "beam_y", factor=1e-3),
    Rule("saturation", "saturated_value"),
    Rule("exposure_s", "exposure_time", ("ms",)),
)
MAR345 = (
    Rule("pixel_size_x_mm", "PIXEL_LENGTH", _UM),
    Rule("pixel_size_y_mm", "PIXEL_HEIGHT", _UM),
    Rule("pixel_size_x_mm", "PixelLength", _MM),
    Rule("pixel_size_y_mm", "PixelHeight", _MM),
    Rule("wavelength_nm", "WAVELENGTH", _ANGSTROM),
    Rule("distance_mm", "DISTANCE", _MM),
    Rule("center_x_px", "CENTER_X"),
    Rule("center_y_px", "CENTER_Y"),
)
ADSC = (
    Rule("pixel_size_x_mm", "PIXEL_SIZE", _MM),
    Rule("pixel_size_y_mm", "PIXEL_SIZE", _MM),
    Rule("pixel_size_x_mm", "SPATIAL_DISTORTION_INFO", _MM, 2),
    Rule("pixel_size_y_mm", "SPATIAL_DISTORTION_INFO", _MM, 3),
    Rule("wavelength_nm", "WAVELENGTH", _ANGSTROM),
    Rule("wavelength_nm", "SOURCE_WAVELENGTH", _ANGSTROM, 1),
    Rule("distance_mm", "DISTANCE", _MM),
    Rule("center_x_mm", "BEAM_CENTER_X", ("mm",)),
    Rule("center_y_mm", "BEAM_CENTER_Y", ("mm",)),
    Rule("center_x_px", "SPATIAL_DISTORTION_INFO", index=0),
    Rule("center_y_px", "SPATIAL_DISTORTION_INFO", index=1),
    Rule("exposure_s", "TIME", ("s",)),
    Rule("saturation", "CCD_IMAGE_SATURATION"),
    Rule("saturation", "SATURATED_VALUE"),
)
BRUKER = (
    Rule("wavelength_nm", "WAVELEN", _ANGSTROM),
    Rule("distance_mm", "DISTANC", ("cm",)),
    Rule("detector", "DETTYPE"),
)
NEXUS = (
    Rule("pixel_size_x_mm", "/x_pixel_size", _M),
    Rule("pixel_size_y_mm", "/y_pixel_size", _M),
    Rule("wavelength_nm", "/incident_wavelength", ("angstrom", "m")),
    Rule("wavelength_nm", "monochromator/wavelength", ("angstrom", "m")),
    Rule("wavelength_nm", "beam/wavelength", ("angstrom", "m")),
    Rule("energy_kev", "/incident_energy", ("ev", "kev")),
    Rule("energy_kev", "/photon_energy", ("ev", "kev")),
    Rule("energy_kev", "monochromator/energy", ("kev", "ev")),
    Rule("distance_mm", "/detector_distance", _M),
    Rule("distance_mm", "detector/distance", _M),
    Rule("center_x_px", "/beam_center_x"),
    Rule("center_y_px", "/beam_center_y"),
    Rule("exposure_s", "/count_time", ("s",)),
    Rule("exposure_s", "/exposure_time", ("s",)),
    Rule("saturation", "/countrate_correction_count_cutoff"),
    Rule("saturation", "/saturation_value"),
    Rule("detector", "detector/description"),
)

CREDIBLE = {
    "wavelength_nm": (0.002, 5.0),
    "energy_kev": (0.25, 600.0),
    "distance_mm": (2.0, 2e5),
    "pixel_size_x_mm": (1e-4, 10.0),
    "pixel_size_y_mm": (1e-4, 10.0),
    "center_x_px": (-1e5, 1e5),
    "center_y_px": (-1e5, 1e5),
    "center_x_mm": (-1e4, 1e4),
    "center_y_mm": (-1e4, 1e4),
    "saturation": (200.0, 1e19),
    "exposure_s": (1e-9, 1e6),
    "dummy": (-1e38, 1e38),
    "dummy_width": (0.0, 1e38),
}
"""Range outside which a number is a placeholder or a mistake of the file."""
