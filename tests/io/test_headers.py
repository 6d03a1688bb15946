"""Wavelength, distance, pixel size and centre from each format's header, with their source."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool import load_image
from calibtool.io.headers import read_geometry
from calibtool.model.header_geometry import HeaderGeometry
from calibtool.model.image import Image

COUNTS = np.random.default_rng(2).poisson(20.0, (60, 50)).astype(np.int32)


def geometry_of(header: Mapping[str, str]) -> HeaderGeometry:
    return read_geometry(Image(data=COUNTS, mask=COUNTS < 0, header=header))


def check(found: HeaderGeometry, **truth: Any) -> None:
    for name, value in truth.items():
        read = getattr(found, name)
        assert read == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value), name


def test_dectris_cbf(tmp_path: Path) -> None:
    from fabio.cbfimage import CbfImage

    text = "\r\n".join(
        [
            "# Detector: PILATUS3 2M, S/N 24-0124",
            "# Pixel_size 172e-6 m x 172e-6 m",
            "# Wavelength 0.97934 A",
            "# Count_cutoff 40 counts",
            "# Count_cutoff 1048500 counts",
            "# Detector_distance 2.5 m",
            "# Beam_xy (737.0, 839.5) pixels",
        ]
    )
    header = {"_array_data.header_contents": text.replace("# Count_cutoff 40 counts\r\n", "")}
    CbfImage(data=COUNTS, header=header).write(str(tmp_path / "a.cbf"))
    check(
        load_image(tmp_path / "a.cbf").geometry,
        wavelength_nm=0.097934,
        energy_kev=1.239841984 / 0.097934,
        pixel_size_mm=0.172,
        distance_mm=2500.0,
        center_x_px=736.5,
        center_y_px=839.0,
        saturation=1048500.0,
        detector="PILATUS3 2M, S/N 24-0124",
    )


def test_saturated_pixels_join_the_mask(tmp_path: Path) -> None:
    from fabio.edfimage import EdfImage

    data = COUNTS.copy()
    data[3, 4], data[5, 6], data[7, 8] = 1000, 999, -7
    header = {"Count_cutoff": "1000 counts", "Dummy": "-7", "DDummy": "0.1"}
    EdfImage(data=data, header=header).write(str(tmp_path / "a.edf"))
    mask = load_image(tmp_path / "a.edf").mask
    assert mask[3, 4]
    assert not mask[5, 6]
    assert mask[7, 8]


def test_a_positive_dummy_joins_the_mask(tmp_path: Path) -> None:
    from fabio.edfimage import EdfImage

    data = COUNTS.astype(np.float32)
    data[10:12, 20] = 54321.0
    header = {"Dummy": "54321", "DDummy": "0.5"}
    EdfImage(data=data, header=header).write(str(tmp_path / "a.edf"))
    mask = load_image(tmp_path / "a.edf").mask
    assert mask[10:12, 20].all()


def test_edf_in_metres(tmp_path: Path) -> None:
    from fabio.edfimage import EdfImage

    header = {
        "PSize_1": "1.72e-04",
        "PSize_2": "1.72e-04",
        "WaveLength": "9.95e-11",
        "SampleDistance": "1.4965",
        "Center_1": "460.25",
        "Center_2": "519.75",
        "DetectorName": "Pilatus1M",
    }
    EdfImage(data=COUNTS, header=header).write(str(tmp_path / "a.edf"))
    found = load_image(tmp_path / "a.edf").geometry
    check(
        found,
        pixel_size_mm=0.172,
        wavelength_nm=0.0995,
        distance_mm=1496.5,
        center_x_px=459.75,
        center_y_px=519.25,
        detector="Pilatus1M",
    )
    assert found.sources["distance_mm"] == "file header: SampleDistance 1.4965"
    assert set(found.sources) == {
        "pixel_size_x_mm",
        "pixel_size_y_mm",
        "wavelength_nm",
        "distance_mm",
        "center_x_px",
        "center_y_px",
        "detector",
    }


@pytest.mark.parametrize(
    ("header", "truth"),
    [
        ({"PSize_1": "172 um", "PSize_2": "172 um"}, {"pixel_size_mm": 0.172}),
        ({"PSize_1": "0.172", "PSize_2": "0.172 mm"}, {"pixel_size_mm": 0.172}),
        ({"WaveLength": "0.995"}, {"wavelength_nm": 0.0995}),
        ({"WaveLength": "0.995 Angstrom"}, {"wavelength_nm": 0.0995}),
        ({"WaveLength": "0.0995 nm"}, {"wavelength_nm": 0.0995}),
        ({"wavelength": "1.54e-10"}, {"wavelength_nm": 0.154}),
        ({"SampleDistance": "1496.5"}, {"distance_mm": 1496500.0 / 1000}),
        ({"SampleDistance": "149.65 cm"}, {"distance_mm": 1496.5}),
        ({"energy_bragg": "12.402"}, {"energy_kev": 12.402}),
        ({"energy": "12402 eV"}, {"energy_kev": 12.402}),
        ({"photon_energy": "12402"}, {"energy_kev": 12.402}),
    ],
)
def test_units_as_written_or_as_credible(
    header: Mapping[str, str], truth: Mapping[str, float]
) -> None:
    check(geometry_of(header), **truth)


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1",
        "1e-20",
        "nan",
        "inf",
        "",
        "None",
        "unknown",
        "-12345678901234567168.000000",
        "1e30",
    ],
)
def test_placeholders_are_not_believed(text: str) -> None:
    keys = ("PSize_1", "PSize_2", "WaveLength", "SampleDistance", "Center_1", "energy")
    assert geometry_of(dict.fromkeys(keys, text)) == HeaderGeometry()


def test_half_a_centre_and_the_centre_zero_are_not_believed() -> None:
    assert geometry_of({"Center_1": "5.0"}).center_x_px is None
    zero = geometry_of({"Center_1": "0.0", "Center_2": "0.0"})
    assert (zero.center_x_px, zero.center_y_px, dict(zero.sources)) == (None, None, {})


def test_marccd_by_its_header_whatever_its_name(tmp_path: Path) -> None:
    header = bytearray(3072)
    struct.pack_into("<I16s", header, 0, 2, b"MMX")
    struct.pack_into("<I", header, 104, 65535)
    # Goniostat block at 640, detector block at 768, source block at 896.
    struct.pack_into("<iii", header, 640, 250_500, 1_012_250, 1_030_500)
    struct.pack_into("<i", header, 640 + 14 * 4, 250_500)
    struct.pack_into("<iii", header, 768, 1, 79_000, 79_000)
    struct.pack_into("<iiii", header, 896, 0, 0, 0, 154_180)
    data = COUNTS.astype("<u2")
    tags = [
        (256, 4, 1, data.shape[1]),
        (257, 4, 1, data.shape[0]),
        (258, 3, 1, 16),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 4096),
        (278, 4, 1, data.shape[0]),
        (279, 4, 1, data.nbytes),
    ]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *t) for t in tags)
    start = struct.pack("<2sHI", b"II", 42, 8) + directory + bytes(4)
    content = start.ljust(1024, b"\0") + bytes(header) + data.tobytes()
    for name in ("a.mccd", "a.tif", "a_001"):
        (tmp_path / name).write_bytes(content)
        image = load_image(tmp_path / name)
        np.testing.assert_array_equal(image.data, COUNTS)
        check(
            image.geometry,
            pixel_size_mm=0.079,
            wavelength_nm=0.15418,
            distance_mm=250.5,
            center_x_px=1011.75,
            center_y_px=1030.0,
            saturation=65535.0,
        )


@pytest.mark.parametrize(
    ("name", "kind", "header", "truth"),
    [
        ("a.mar1200", "mar345image.Mar345Image",
         {"PIXEL_LENGTH": "150", "PIXEL_HEIGHT": "150", "WAVELENGTH": "1.5418",
          "DISTANCE": "250.5", "CENTER_X": "601.0", "CENTER_Y": "598.5"},
         {"pixel_size_mm": 0.15, "wavelength_nm": 0.15418, "distance_mm": 250.5,
          "center_x_px": 600.5, "center_y_px": 598.0}),
        ("a.img", "dtrekimage.DtrekImage",
         {"PIXEL_SIZE": "0.0512", "DISTANCE": "180.0", "WAVELENGTH": "0.9795",
          "BEAM_CENTER_X": "105.0", "BEAM_CENTER_Y": "104.5", "CCD_IMAGE_SATURATION": "65535"},
         {"pixel_size_mm": 0.0512, "wavelength_nm": 0.09795, "distance_mm": 180.0,
          "center_x_px": 105.0 / 0.0512 - 0.5, "center_y_px": 104.5 / 0.0512 - 0.5,
          "saturation": 65535.0}),
    ],
)  # fmt: skip
def test_mar345_and_adsc_as_fabio_writes_them(
    name: str, kind: str, header: dict[str, str], truth: Mapping[str, Any], tmp_path: Path
) -> None:
    import fabio

    module, _, title = kind.partition(".")
    data = np.random.default_rng(4).poisson(20.0, (1200, 1200)).astype(np.uint32)
    image = getattr(getattr(fabio, module), title)(data=data, header=header)
    image.byteorder = "little"
    image.write(str(tmp_path / name))
    loaded = load_image(tmp_path / name)
    np.testing.assert_array_equal(loaded.data, data)
    check(loaded.geometry, **truth)


def test_dtrek_of_rigaku() -> None:
    check(
        geometry_of(
            {
                "HEADER_BYTES": "4096",
                "PXD_SPATIAL_DISTORTION_INFO": "512.0 500.5 0.0898 0.0898",
                "SOURCE_WAVELENGTH": "1 1.54178",
            }
        ),
        pixel_size_mm=0.0898,
        wavelength_nm=0.154178,
        center_x_px=511.5,
        center_y_px=500.0,
    )


def test_bruker_in_centimetres() -> None:
    header = {"WAVELEN": "1.541838 1.540562 1.544390", "DISTANC": "10.45", "DETTYPE": "CCD-LDI"}
    check(geometry_of(header), wavelength_nm=0.1541838, distance_mm=104.5, detector="CCD-LDI")


def test_eiger_master(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "a_master.h5"
    with h5py.File(path, "w") as file:
        file["entry/data/data_000001"] = COUNTS.astype(np.uint32)[None]
        detector = file.create_group("entry/instrument/detector")
        for name, value, unit in (
            ("x_pixel_size", 7.5e-5, "m"),
            ("y_pixel_size", 7.5e-5, "m"),
            ("detector_distance", 0.6, "m"),
            ("beam_center_x", 1041.5, "pixel"),
            ("beam_center_y", 1118.5, "pixel"),
        ):
            detector[name] = value
            detector[name].attrs["units"] = unit
        detector["description"] = "Dectris EIGER2 CdTe 4M"
        detector["detectorSpecific/countrate_correction_count_cutoff"] = np.uint32(120_000)
        file["entry/instrument/beam/incident_wavelength"] = 0.9763
        file["entry/instrument/beam/incident_wavelength"].attrs["units"] = "angstrom"
    found = load_image(path).geometry
    check(
        found,
        pixel_size_mm=0.075,
        distance_mm=600.0,
        center_x_px=1041.0,
        center_y_px=1118.0,
        wavelength_nm=0.09763,
        saturation=120_000.0,
        detector="Dectris EIGER2 CdTe 4M",
    )
    source = found.sources["distance_mm"]
    assert source == "file header: /entry/instrument/detector/detector_distance 0.6 m"


def test_nexus_with_an_energy_and_millimetres(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "a.nxs", "w") as file:
        file["entry/data/data"] = COUNTS
        file["entry/instrument/source/distance"] = -33.0
        file["entry/instrument/detector/distance"] = np.array([1496.5])
        file["entry/instrument/detector/distance"].attrs["units"] = "mm"
        file["entry/instrument/monochromator/energy"] = 12.4
        file["entry/instrument/monochromator/energy"].attrs["units"] = "keV"
    check(load_image(tmp_path / "a.nxs").geometry, distance_mm=1496.5, energy_kev=12.4)


def test_numbers_of_a_camera_that_was_never_set_up_are_doubted() -> None:
    header = {
        "Pixel_size": "172e-6 m x 172e-6 m",
        "Count_cutoff": "1000000 counts",
        "Wavelength": "1.54000 A",
        "Beam_xy": "(0.00, 0.00) pixels",
    }
    doubted = geometry_of(header).sources["wavelength_nm"]
    assert doubted.startswith("file header: Wavelength 1.54000 A (may be the camera's default")
    set_up = geometry_of(header | {"Beam_xy": "(5.00, 0.00) pixels"})
    assert set_up.sources["wavelength_nm"] == "file header: Wavelength 1.54000 A"


def test_pixels_that_are_not_square_have_no_single_size() -> None:
    found = geometry_of({"PSize_1": "50e-6", "PSize_2": "8e-3"})
    assert found.pixel_size_mm is None
    check(found, pixel_size_x_mm=0.05, pixel_size_y_mm=8.0)


def test_a_plain_picture_says_nothing() -> None:
    assert geometry_of({"nRows": "60", "imageDescription": "ImageJ=1.5\nmin=2.0\n"}) == (
        HeaderGeometry()
    )


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        (
            "pilatus1m_ceo2.tif",
            {
                "pixel_size_mm": 0.172,
                "distance_mm": 211.43,
                "center_x_px": 497.68,
                "center_y_px": 515.27,
                "saturation": 1097223.0,
                "wavelength_nm": None,
            },
        ),
        (
            "pilatus3_1m_biocat.tif",
            {
                "pixel_size_mm": 0.172,
                "distance_mm": 1000.0,
                "wavelength_nm": 0.154,
                "center_x_px": None,
            },
        ),
        (
            "adsc_agbh.img",
            {"pixel_size_mm": 0.0707, "distance_mm": 800.0, "wavelength_nm": 0.16083},
        ),
        ("pilatus1m_agbh.edf.gz", {"energy_kev": 12.402, "distance_mm": None}),
        ("gabriel_agbh.tif", {"pixel_size_mm": None, "wavelength_nm": None}),
        ("eiger2_9m_no_ring.h5", {"pixel_size_mm": None, "wavelength_nm": None}),
    ],
)
def test_real_headers(name: str, truth: Mapping[str, Any], real_data: Path) -> None:
    check(load_image(real_data / name).geometry, **truth)
