"""The detector is known from header or shape, or asked for; never guessed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from calibtool import detect_detector, load_image
from calibtool.errors import InputError
from calibtool.instruments import cache
from calibtool.instruments.detector_masks import detector_mask
from calibtool.instruments.detector_table import detector_table
from calibtool.instruments.detectors import check_known, choose_detector, find_detectors
from calibtool.model.header_geometry import HeaderGeometry
from calibtool.model.image import Image


def blank(rows: int, columns: int, geometry: HeaderGeometry | None = None) -> Image:
    data = np.zeros((rows, columns), np.uint16)
    return Image(data=data, mask=data > 0, geometry=geometry or HeaderGeometry())


def header(size_mm: float, detector: str | None = None) -> HeaderGeometry:
    sources = {"pixel_size_x_mm": f"file header: PSize_1 {size_mm}"}
    return HeaderGeometry(
        pixel_size_x_mm=size_mm, pixel_size_y_mm=size_mm, detector=detector, sources=sources
    )


def test_a_2048_square_image_without_header_is_asked_about() -> None:
    match = detect_detector(blank(2048, 2048))
    assert match.name is None
    assert match.pixel_size_mm is None
    sizes = {candidate.pixel_size_mm for candidate in match.candidates}
    assert {0.05, 0.079, 0.15, 0.2} <= sizes
    assert "choose the detector" in match.message
    assert "2048 × 2048" in match.source


@pytest.mark.parametrize(("rows", "columns"), [(256, 256), (512, 512), (1024, 1024), (4096, 4096)])
def test_a_power_of_two_is_no_sign_of_a_detector(rows: int, columns: int) -> None:
    match = detect_detector(blank(rows, columns))
    assert (match.name, match.pixel_size_mm) == (None, None)
    assert match.message


@pytest.mark.parametrize(
    ("shape", "name", "size"),
    [
        ((1043, 981), "Pilatus1M", 0.172),
        ((2527, 2463), "Pilatus6M", 0.172),
        ((195, 1475), "Pilatus300kw", 0.172),
        ((3262, 3108), "Eiger2_9M", 0.075),
        ((2167, 2070), "Eiger4M", 0.075),
        ((3450, 3450), "Mar345", 0.1),
        ((2596, 2596), "Lambda7M5", 0.055),
    ],
)
def test_a_shape_of_one_detector_names_it(shape: tuple[int, int], name: str, size: float) -> None:
    match = detect_detector(blank(*shape))
    assert match.name == name
    assert match.pixel_size_mm == pytest.approx(size, rel=1e-9)
    assert "detector table" in match.source
    assert not match.message


def test_listed_binnings_are_known() -> None:
    match = detect_detector(blank(1440, 1440))
    assert {c.name for c in match.candidates} >= {"RayonixMx225hs"}
    chosen = choose_detector("RayonixMx225hs", (1440, 1440))
    assert chosen.pixel_size_mm == pytest.approx(0.15625)


def test_the_header_goes_before_the_shape() -> None:
    match = detect_detector(blank(2048, 2048, header(0.079)))
    assert match.name == "RayonixSx165"
    assert match.pixel_size_mm == 0.079
    assert match.source.startswith("file header: PSize_1 0.079")


def test_a_pixel_size_of_no_listed_detector_is_believed_without_a_name() -> None:
    match = detect_detector(blank(1043, 981, header(0.0707)))
    assert (match.name, match.pixel_size_mm) == (None, 0.0707)


def test_the_header_tells_the_sensor_of_twins_apart() -> None:
    silicon = detect_detector(blank(3262, 3108, header(0.075, "Dectris EIGER2 Si 9M")))
    telluride = detect_detector(blank(3262, 3108, header(0.075, "Dectris EIGER2 CdTe 9M")))
    assert (silicon.name, telluride.name) == ("Eiger2_9M", "Eiger2CdTe_9M")


def test_a_header_that_names_the_detector_settles_what_the_shape_leaves_open() -> None:
    geometry = HeaderGeometry(detector="FReLoN camera 4", sources={"detector": "file header: x"})
    match = detect_detector(blank(2048, 2048, geometry))
    assert (match.name, match.pixel_size_mm, match.message) == ("FReLoN", 0.05, "")
    assert match.source.startswith("file header")
    other = detect_detector(blank(2048, 2048, HeaderGeometry(detector="some camera")))
    assert (other.name, other.pixel_size_mm) == (None, None)


def test_pixels_that_are_not_square_are_said() -> None:
    geometry = HeaderGeometry(pixel_size_x_mm=0.05, pixel_size_y_mm=0.1)
    match = detect_detector(blank(700, 800, geometry))
    assert match.pixel_size_mm is None
    assert "not square" in match.message


def test_an_unknown_shape_is_said() -> None:
    match = detect_detector(blank(777, 555))
    assert (match.name, match.pixel_size_mm, match.candidates) == (None, None, ())
    assert "555 × 777" in match.message


@pytest.mark.parametrize(
    "name", ["Pilatus 1M", "pilatus_1m", "PILATUS1M", "Pilatus1M", " pilatus-1m "]
)
def test_a_manual_choice_is_found_by_any_spelling(name: str) -> None:
    match = choose_detector(name, (1043, 981))
    assert (match.name, match.pixel_size_mm, match.message) == ("Pilatus1M", 0.172, "")
    assert "chosen by the user" in match.source


@pytest.mark.parametrize("name", ["MAR_165_2x2", "mar165 2x2", "RayonixSx165"])
def test_mar_165_binned_has_79_micrometres(name: str) -> None:
    match = choose_detector(name, (2048, 2048))
    assert (match.name, match.pixel_size_mm) == ("RayonixSx165", 0.079)


def test_a_manual_choice_that_does_not_fit_falls_back_to_the_default() -> None:
    match = choose_detector("Pilatus 1M", (2048, 2048))
    assert (match.name, match.pixel_size_mm) == (None, None)
    assert "Pilatus 1M has 981 × 1043 pixels and this image 2048 × 2048" in match.message
    assert "default detector" in match.message


def test_an_unknown_name_gets_similar_ones() -> None:
    match = choose_detector("Pilatus 1N", (1043, 981))
    assert match.name is None
    assert "Pilatus 1M" in match.message


def test_the_search_finds_all_words_in_any_order() -> None:
    found = {entry.name for entry in find_detectors("9m eiger")}
    assert found == {"Eiger9M", "Eiger2_9M", "Eiger2CdTe_9M"}
    usable = [entry for entry in detector_table() if not entry.hexagonal]
    assert len(find_detectors("")) == len(usable) > 100


def test_hexagonal_pixels_are_said_to_be_unsupported() -> None:
    names = [entry.name for entry in detector_table() if entry.hexagonal]
    assert "Pixirad1" in names
    assert find_detectors("pixirad") == ()
    for name in ("Pixirad1", "pixirad-8"):
        with pytest.raises(InputError, match="hexagonal, which is not supported"):
            check_known(name)
        match = choose_detector(name, (476, 512))
        assert "hexagonal, which is not supported" in match.message
        assert match.name is None
    with pytest.raises(InputError, match="There is no detector 'Pixirat'"):
        check_known("Pixirat")


def test_every_entry_agrees_with_pyfai_itself() -> None:
    import logging

    from pyFAI.detectors import detector_factory

    logging.getLogger("pyFAI").setLevel(logging.CRITICAL)
    for entry in find_detectors():
        usual = detector_factory(entry.name)
        readout = entry.fitting(tuple(usual.shape))
        assert readout is not None, entry.name
        assert readout.pixel_size_x_mm == pytest.approx(1e3 * usual.pixel2, rel=1e-9)
        assert readout.pixel_size_y_mm == pytest.approx(1e3 * usual.pixel1, rel=1e-9)


def test_gaps_are_those_of_pyfai() -> None:
    from pyFAI.detectors import detector_factory

    for name in ("Pilatus1M", "Maxipix2x2", "Mar345"):
        truth = np.asarray(detector_factory(name).calc_mask(), bool)
        np.testing.assert_array_equal(detector_mask(name, truth.shape), truth)


def test_no_gaps_where_the_detector_is_not_known_or_does_not_fit() -> None:
    assert detector_mask(None, (10, 10)) is None
    assert detector_mask("Pilatus1M", (10, 10)) is None
    assert detector_mask("Perkin", (2048, 2048)) is None


def test_a_cache_that_cannot_be_written_or_is_damaged_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "file" / "below")
    assert cache.cached("numbers", lambda: [1, 2]) == [1, 2]
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "new")
    assert cache.cached("numbers", lambda: [3]) == [3]
    kept = next((tmp_path / "new").glob("numbers*"))
    assert cache.cached("numbers", lambda: [4]) == [3]
    kept.write_text("{ not json")
    assert cache.cached("numbers", lambda: [5]) == [5]


def test_without_pyfai_the_pixel_size_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from calibtool.instruments import detectors

    monkeypatch.setattr(detectors, "detector_table", lambda: ())
    monkeypatch.setattr(detectors, "has_pyfai", lambda: False)
    assert "pyFAI is not installed" in detect_detector(blank(1043, 981)).message
    assert "pyFAI is not installed" in choose_detector("Pilatus1M", (1043, 981)).message
    assert detect_detector(blank(1043, 981, header(0.172))).pixel_size_mm == 0.172


def test_a_kept_table_needs_no_pyfai_import(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from calibtool.instruments import cache\n"
        f"cache.cache_folder = lambda: Path({str(cache.cache_folder())!r})\n"
        "from calibtool.instruments.detectors import choose_detector\n"
        "assert choose_detector('Pilatus1M', (1043, 981)).pixel_size_mm == 0.172\n"
        "assert 'pyFAI' not in sys.modules\n"
    )
    detector_table()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("file", "name", "size"),
    [
        ("pilatus1m_agbh.edf.gz", "Pilatus1M", 0.172),
        ("pilatus1m_ceo2.tif", "Pilatus1M", 0.172),
        ("pilatus300kw_tilted.tif", "Pilatus300kw", 0.172),
        ("eiger2_9m_no_ring.h5", "Eiger2_9M", 0.075),
        ("adsc_agbh.img", None, 0.0707),
        ("gabriel_agbh.tif", None, None),
    ],
)
def test_real_images(file: str, name: str | None, size: float | None, real_data: Path) -> None:
    match = detect_detector(load_image(real_data / file))
    assert match.name == name
    assert match.pixel_size_mm == (None if size is None else pytest.approx(size))
