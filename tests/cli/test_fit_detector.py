"""``calibtool fit`` says which detector it took, and what is wrong with one that does not fit."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.fit import run
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A 256 × 256 image of one ring, with no header."""
    ring = RingShape(Circle(125.3, 130.8, 70.0), sigma_px=2.0, amplitude=200.0)
    counts = np.random.default_rng(3).poisson(expected_counts((256, 256), [ring], 5.0))
    path = tmp_path_factory.mktemp("square") / "square.npy"
    np.save(path, counts.astype(np.int32))
    return str(path)


def test_a_shape_of_many_detectors_is_asked_about(
    square: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([square]) == 0
    assert "256 × 256 pixels may be of Lambda 60k" in capsys.readouterr().out


def test_a_detector_that_does_not_fit_is_said_and_the_default_taken(
    square: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([square, "--detector", "Pilatus 1M"]) == 0
    printed = capsys.readouterr().out
    assert "Pilatus 1M has 981 × 1043 pixels and this image 256 × 256" in printed
    assert "may be of" not in printed
    assert run([square, "--detector", "Pilatus 1M", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["detector"], plain["pixel_size_mm"]) == (None, None)
    assert "does not fit" in plain["sources"]["detector"]


def test_what_an_option_settles_is_not_asked(
    square: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([square, "--pixel-size", "0,8"]) == 0
    assert "choose the detector" not in capsys.readouterr().out
    assert run([square, "--detector", "maxipix", "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert (plain["detector"], plain["pixel_size_mm"]) == ("Maxipix", 0.055)
    assert "chosen by the user" in plain["sources"]["pixel_size_mm"]


def test_what_is_saved_is_read_by_the_other_programs(square: str, tmp_path: Path) -> None:
    import pickle

    from pyFAI.geometry import Geometry

    names = {kind: str(tmp_path / f"a.{kind}") for kind in ("json", "poni", "info")}
    options = ["--wavelength", "0.1", "--pixel-size", "0.8", "-o", names["json"]]
    assert run([square, *options, "--poni", names["poni"], "--musclex", names["info"]]) == 0
    plain = json.loads(Path(names["json"]).read_text(encoding="utf-8"))
    theirs = Geometry()
    theirs.load(names["poni"])
    fit2d = theirs.getFit2D()
    assert fit2d["centerX"] == pytest.approx(plain["beam_x_px"] + 0.5, abs=1e-9)
    assert fit2d["centerY"] == pytest.approx(plain["beam_y_px"] + 0.5, abs=1e-9)
    assert fit2d["directDist"] == pytest.approx(plain["distance_mm"])
    settings = pickle.loads(Path(names["info"]).read_bytes())["settings"]
    assert settings["center"] == [plain["beam_x_px"], plain["beam_y_px"]]
    # MuscleX's scale is that of the ring at small angles.
    assert settings["scale"] == pytest.approx(plain["d_spacing_nm"] * plain["radius_px"])
    assert plain["center_x_px"] == pytest.approx(125.3, abs=0.1)
