"""``calibtool fit``: numbers, JSON, files and exit codes as others rely on them."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibtool import Calibration
from calibtool.cli.main import run
from calibtool.model.demo import CIRCLE, true_distance_mm
from calibtool.tasks.gallery import write_image
from tests.tasks.here import in_this_process

JSON_KEYS = {
    "image", "frame", "shape", "center_x_px", "center_y_px", "radius_px",
    "sigma_center_x_px", "sigma_center_y_px", "sigma_radius_px", "rms_residual_px", "coverage",
    "n_points", "n_outliers", "points", "calibrant", "ring", "d_spacing_nm", "scale_nm_px",
    "sigma_scale_nm_px", "wavelength_nm", "pixel_size_mm", "distance_mm", "detector", "sources",
    "warnings", "verdict", "version",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_image(tmp_path_factory.mktemp("demo") / "agbh.edf")


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, object]:
    capsys.readouterr()
    assert run(["fit", *map(str, arguments), "--json"]) == 0
    printed: dict[str, object] = json.loads(capsys.readouterr().out)
    return printed


def test_json_has_every_name_and_the_truth(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = as_json(capsys, demo)
    assert set(got) >= JSON_KEYS
    assert got["center_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=0.1)
    assert got["center_y_px"] == pytest.approx(CIRCLE.center_y_px, abs=0.1)
    order = got["ring"]
    assert isinstance(order, int)
    assert got["radius_px"] == pytest.approx(order * CIRCLE.radius_px, rel=2e-3)
    assert got["distance_mm"] == pytest.approx(true_distance_mm(), rel=1e-3)
    assert got["scale_nm_px"] == pytest.approx(5.838 * CIRCLE.radius_px, rel=2e-3)
    assert got["wavelength_nm"] == pytest.approx(0.1)
    sources = got["sources"]
    assert isinstance(sources, dict)
    assert "header" in sources["wavelength_nm"]


def test_points_outliers_and_history(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    angle = np.radians([10, 55, 100, 140, 190, 230, 300, 340])
    xy = np.column_stack(
        [CIRCLE.center_x_px + CIRCLE.radius_px * np.cos(angle),
         CIRCLE.center_y_px + CIRCLE.radius_px * np.sin(angle)]
    )  # fmt: skip
    xy[3] += 40.0
    points, history = tmp_path / "points.csv", tmp_path / "history.csv"
    np.savetxt(points, xy, delimiter=",", header="x_px,y_px", comments="")
    got = as_json(capsys, demo, "--points", points, "--history", history)
    assert (got["n_points"], got["n_outliers"]) == (8, 1)
    listed = got["points"]
    assert isinstance(listed, list)
    assert [p["outlier"] for p in listed] == [False] * 3 + [True] + [False] * 4
    assert got["center_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=0.1)
    assert got["radius_px"] == pytest.approx(CIRCLE.radius_px, abs=0.1)
    header, first = history.read_text().splitlines()[:2]
    assert header == (
        "start,stage,iteration,center_x_px,center_y_px,radius_px,objective,best_objective,n_points"
    )
    assert len(first.split(",")) == 9


def test_every_file_is_written_and_comes_back(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, poni = tmp_path / "calibration.json", tmp_path / "agbh.poni"
    musclex, figure = tmp_path / "calibration.info", tmp_path / "page.png"
    got = as_json(
        capsys, demo, "-o", saved, "--poni", poni, "--musclex", musclex, "--figure", figure
    )
    assert Calibration.load(saved).center_x_px == got["center_x_px"]
    assert "poni_version: 2.1" in poni.read_text()
    assert musclex.stat().st_size > 50
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_nothing_is_overwritten_without_force(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precious = tmp_path / "calibration.json"
    precious.write_text("precious")
    assert run(["fit", str(demo), "-o", str(precious)]) == 2
    assert precious.read_text() == "precious"
    assert str(precious) in capsys.readouterr().err
    assert run(["fit", str(demo), "-o", str(precious), "--force"]) == 0
    assert Calibration.load(precious).radius_px is not None


def test_a_fixed_centre_that_the_rings_contradict_is_refused(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fit", str(demo), "--center", "-12.5,300", "--json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "release the fixed beam" in said.err


def test_the_ring_chooses_among_the_points_of_an_npt(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    angle = np.radians(np.arange(0, 360, 45))
    lines = []
    for ring in (1, 2):
        lines += [f"New group of points: {ring}", f"ring: {ring - 1}"]
        x = CIRCLE.center_x_px + ring * CIRCLE.radius_px * np.cos(angle)
        y = CIRCLE.center_y_px + ring * CIRCLE.radius_px * np.sin(angle)
        lines += [f"point: x={a} y={b}" for a, b in zip(x, y, strict=True)]
    several = tmp_path / "several.npt"
    several.write_text("\n".join(lines) + "\n")
    got = as_json(capsys, demo, "--points", several, "--ring", "2")
    assert got["radius_px"] == pytest.approx(2 * CIRCLE.radius_px, rel=2e-3)
    assert run(["fit", str(demo), "--points", str(several)]) == 2
    assert "--ring" in capsys.readouterr().err


def test_a_pixel_size_must_be_that_of_the_detector_that_is_named(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = as_json(capsys, demo, "--detector", "Pilatus1M", "--pixel-size", "0.172")
    assert (got["detector"], got["pixel_size_mm"]) == ("Pilatus1M", 0.172)
    assert run(["fit", str(demo), "--detector", "Pilatus1M", "--pixel-size", "0.1"]) == 2
    assert "leave out one of the two" in capsys.readouterr().err


def test_what_a_poni_is_short_of_is_said_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from calibtool.model.demo import demo_image

    np.save(tmp_path / "bare.npy", demo_image())
    wanted = tmp_path / "bare.poni"
    saved = tmp_path / "bare.json"
    options = ["--no-tilt", "-o", str(saved), "--poni", str(wanted)]
    assert run(["fit", str(tmp_path / "bare.npy"), *options]) == 2
    assert not saved.exists()
    said = capsys.readouterr().err
    assert str(wanted) in said
    assert "sample-to-detector distance" in said


def test_a_fixed_centre_is_kept(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = as_json(capsys, demo, "--center", "498.4,521.8")
    assert (got["center_x_px"], got["center_y_px"]) == (498.4, 521.8)
    sources = got["sources"]
    assert isinstance(sources, dict)
    assert "fixed" in sources["center_x_px"]


def test_an_instrument_that_contradicts_the_ring_is_said(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = as_json(capsys, demo, "--distance", "600", "--ring", "1")
    warnings = got["warnings"]
    assert isinstance(warnings, list)
    assert "distance_disagrees" in {w["code"] for w in warnings}


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--wavelength", "-1", "Wavelength: must be greater than zero"),
        ("--energy", "abc", "Energy: 'abc' is not a number"),
        ("--pixel-size", "nan", "Pixel size: 'nan' is not a finite number"),
        ("--ring", "0", "Ring: must be 1 or more"),
        ("--calibrant", "Unobtainium", "Unobtainium"),
        ("--detector", "NoSuchDetector", "NoSuchDetector"),
        ("--center", "12", "not two numbers"),
        ("--points", "missing.csv", "missing.csv"),
        ("--frame", "7", "frame"),
    ],
)
def test_bad_options_name_themselves(
    demo: Path, option: str, value: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["fit", str(demo), option, value])
    error = capsys.readouterr().err
    assert reason in error
    assert "Traceback" not in error
    assert code == 2


def test_decimal_commas_are_accepted(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = as_json(capsys, demo, "--energy", "12,39841984")
    assert got["wavelength_nm"] == pytest.approx(0.1)


def test_too_few_points_is_no_answer(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = tmp_path / "points.csv"
    points.write_text("x_px,y_px\n10,10\n20,30\n40,10\n")
    assert run(["fit", str(demo), "--points", str(points)]) == 1
    assert "point" in capsys.readouterr().err


def test_no_ring_is_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from calibtool.io.edf import write_edf

    noise = tmp_path / "noise.edf"
    counts = np.random.default_rng(3).poisson(20.0, (300, 320)).astype(np.int32)
    write_edf(noise, counts, {})
    assert run(["fit", str(noise)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "ring" in err


@pytest.mark.parametrize(
    ("name", "ring", "tolerance_px"),
    [
        ("pilatus1m_agbh.edf.gz", 0, 0.3),
        ("pilatus1m_ceo2.tif", 0, 0.3),
        ("gabriel_agbh.tif", None, 0.5),
        ("pilatus3_1m_biocat.tif", None, 0.3),
    ],
)
def test_real_images(
    real_data: Path, name: str, ring: int | None, tolerance_px: float,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    got = as_json(capsys, real_data / name)
    listed = json.loads((real_data / "references.json").read_text())[name]
    names = ("center_x_px", "center_y_px", "radius_px")
    off = min(max(abs(float(str(got[n])) - known[n]) for n in names) for known in listed)
    assert off < tolerance_px
    assert ring is None or got["radius_px"] == pytest.approx(listed[ring]["radius_px"], abs=1.0)


def test_a_real_empty_frame_has_no_ring(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fit", str(real_data / "eiger2_9m_no_ring.h5"), "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "No ring found" in err


def test_the_pattern_puts_the_beam_of_the_poni_where_the_image_s_own_has_it(
    real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pyFAI import load

    path = tmp_path / "ceo2.poni"
    got = as_json(capsys, real_data / "pilatus1m_ceo2.tif", "--calibrant", "CeO2",
                  "--wavelength", "0.04066", "--poni", path)  # fmt: skip
    ours = load(str(path)).getFit2D()
    known = load(str(real_data / "pilatus1m_ceo2_flipped.poni")).getFit2D()
    assert ours["centerX"] == pytest.approx(known["centerX"], abs=0.3)
    assert ours["centerY"] == pytest.approx(1043 - known["centerY"], abs=0.3)
    assert ours["directDist"] == pytest.approx(known["directDist"], rel=1e-3)
    assert ours["tilt"] == pytest.approx(known["tilt"], abs=0.1)
    # The circle's own numbers stay beside it.
    assert got["center_x_px"] == pytest.approx(487.28, abs=0.1)
    assert got["beam_x_px"] + 0.5 == pytest.approx(ours["centerX"], abs=1e-6)
    assert got["certain"]


def test_json_has_the_beam_that_all_rings_share(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = as_json(capsys, demo)
    assert got["beam_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=5 * got["sigma_beam_x_px"])
    assert got["beam_y_px"] == pytest.approx(CIRCLE.center_y_px, abs=5 * got["sigma_beam_y_px"])
    assert len(got["rings"]) >= 3
    assert [ring["index"] for ring in got["rings"]] == list(range(1, len(got["rings"]) + 1))




@pytest.mark.parametrize("lines", ["58.38", "29.19\n58.38", "14.595\n58,38\n19.46\n29.19"])
def test_a_calibrant_of_ones_own_is_used_and_found_again_from_the_calibration(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, lines: str,
) -> None:
    """Of one line, of two, and in no order."""
    monkeypatch.setattr("calibtool.cli.batch.processes", in_this_process)
    (tmp_path / "own.D").write_text(f"# silver behenate\n{lines}\n")
    monkeypatch.chdir(tmp_path)
    got = as_json(capsys, demo, "--calibrant", "own.D", "-o", "own.json")
    assert got["calibrant"] == str(tmp_path / "own.D")
    assert got["center_x_px"] == pytest.approx(CIRCLE.center_x_px, abs=0.1)
    assert got["scale_nm_px"] == pytest.approx(5.838 * CIRCLE.radius_px, rel=2e-3)
    assert run(["fit", str(demo), "--calibrant", "own.D"]) == 0
    assert "Rings                own.D, 4 rings" in capsys.readouterr().out
    monkeypatch.chdir(demo.parent)
    for way in ((), ("--all-rings",)):
        assert run(["batch", demo.name, "--calibration", str(tmp_path / "own.json"), *way]) == 0
        assert ",ok," in capsys.readouterr().out.splitlines()[1]
