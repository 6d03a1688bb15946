"""Masks, dark, flat and weak frames on the command line: the right numbers, or one line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool import Calibration
from calibtool.cli.main import run
from tests.exposures import (
    OFF_PARASITE_PX,
    RING,
    camera,
    counted,
    ring_mean,
    with_parasite,
    write_edf,
)

h5py = pytest.importorskip("h5py")

Out = pytest.CaptureFixture[str]


def fit(capsys: Out, *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["fit", *map(str, arguments), "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def pull(got: dict[str, Any]) -> float:
    names = ("center_x_px", "center_y_px", "radius_px")
    return max(abs(got[name] - getattr(RING, name)) / got[f"sigma_{name}"] for name in names)


def off_px(got: dict[str, Any]) -> float:
    names = ("center_x_px", "center_y_px", "radius_px")
    return max(abs(got[name] - getattr(RING, name)) for name in names)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A parasitic ring with its mask, a camera with dark and flat, frames too weak alone."""
    folder, rng = tmp_path_factory.mktemp("exposures"), np.random.default_rng(11)
    write_edf(folder / "parasite.edf", counted(with_parasite(), rng))
    np.save(folder / "mask.npy", (np.abs(OFF_PARASITE_PX) < 8).astype(np.uint8))
    gain, level = camera()
    mean = level + gain * ring_mean(80.0, 10.0)
    write_edf(folder / "camera.edf", counted(mean, rng), ExposureTime="2.0")
    (folder / "darks").mkdir()
    for number in range(4):
        dark = counted(level / 2.0, rng)
        write_edf(folder / "darks" / f"dark{number}.edf", dark, ExposureTime="1.0")
    write_edf(folder / "flat.edf", gain.astype(np.float32))
    frames = [counted(ring_mean(0.8, 0.5), rng) for _ in range(12)]
    with h5py.File(folder / "weak.h5", "w") as file:
        file["/entry/data/data"] = np.array(frames)
    (folder / "weak").mkdir()
    for number, frame in enumerate(frames):
        write_edf(folder / "weak" / f"{number}.edf", frame)
    return folder


def test_a_parasitic_ring_is_masked_and_the_mask_is_kept_for_the_folder(
    folder: Path, tmp_path: Path, capsys: Out
) -> None:
    saved = tmp_path / "calibration.json"
    got = fit(
        capsys, folder / "parasite.edf", "--mask", folder / "mask.npy", "-o", saved
    )
    assert pull(got) < 3.0
    bare = fit(capsys, folder / "parasite.edf")
    assert not str(bare["verdict"]).startswith("Good")
    assert got["masked"]["mask file"] == np.count_nonzero(np.load(folder / "mask.npy"))
    step = Calibration.load(saved).exposure.mask[0]
    assert (step.kind, step.path) == ("file", str(folder / "mask.npy"))
    again = fit(capsys, "--session", saved)
    assert again["center_x_px"] == got["center_x_px"]
    assert run(["batch", str(folder / "parasite.edf"), "--calibration", str(saved)]) == 0
    row = capsys.readouterr().out.splitlines()[1].split(",")
    assert abs(float(row[4]) - RING.center_x_px) < 4 * float(row[7])


def test_a_mask_that_marks_what_to_keep(folder: Path, tmp_path: Path, capsys: Out) -> None:
    np.save(tmp_path / "keep.npy", np.load(folder / "mask.npy") == 0)
    one = fit(capsys, folder / "parasite.edf", "--mask", folder / "mask.npy")
    other = fit(
        capsys, folder / "parasite.edf", "--mask", tmp_path / "keep.npy", "--mask-keeps"
    )
    assert one["masked"] == other["masked"]
    assert one["radius_px"] == other["radius_px"]


def test_dark_and_flat_of_a_camera(folder: Path, capsys: Out) -> None:
    """The darks are of half the exposure time, as their headers say."""
    got = fit(
        capsys, folder / "camera.edf", "--dark", folder / "darks", "--flat", folder / "flat.edf"
    )
    assert pull(got) < 3.5
    assert got["sigma_radius_px"] < 0.1
    both = ["--dark", str(folder / "darks"), "--flat", str(folder / "flat.edf")]
    assert run(["fit", str(folder / "camera.edf"), *both]) == 0
    assert "it is taken off 2 times" in capsys.readouterr().out
    if run(["fit", str(folder / "camera.edf"), "--json"]) == 0:
        bare = json.loads(capsys.readouterr().out)
        assert off_px(bare) > off_px(got), "uncorrected, it is shifted"
        assert bare["sigma_radius_px"] > got["sigma_radius_px"]


def test_weak_frames_are_one_exposure_whatever_holds_them(folder: Path, capsys: Out) -> None:
    stack = fit(capsys, folder / "weak.h5", "--frames", "0:12")
    assert pull(stack) < 3.5
    assert stack["exposure"]["frames"] == [0, 12]
    total = fit(capsys, folder / "weak.h5", "--frames", ":", "--combine", "sum")
    assert total["sigma_radius_px"] == pytest.approx(stack["sigma_radius_px"], rel=0.05)
    files = fit(capsys, folder / "weak")
    several = fit(capsys, *sorted((folder / "weak").iterdir(), key=lambda p: int(p.stem)))
    assert files["center_x_px"] == several["center_x_px"] == stack["center_x_px"]


def test_the_settings_of_the_fit_of_points_are_those_of_the_window(
    folder: Path, tmp_path: Path, capsys: Out
) -> None:
    angle = np.radians([10, 55, 100, 140, 190, 230, 300, 340])
    xy = np.column_stack([RING.center_x_px + RING.radius_px * np.cos(angle),
                          RING.center_y_px + RING.radius_px * np.sin(angle)])  # fmt: skip
    points = tmp_path / "points.csv"
    np.savetxt(points, xy, delimiter=",", header="x_px,y_px", comments="")
    words = ("population", "generations", "starts", "threshold")
    given = [word for name, value in zip(words, (12, 30, 2, 4.5), strict=True)
             for word in (f"--{name}", value)]  # fmt: skip
    got = fit(capsys, folder / "weak.h5", "--frames", ":", "--points", points, *given)
    assert {name: got["options"][name] for name in words} == {
        "population": 12, "generations": 30, "starts": 2, "threshold": 4.5,
    }  # fmt: skip
    assert run(["fit", str(folder / "weak.h5"), "--starts", "2"]) == 2
    assert "--points" in capsys.readouterr().err
    assert run(["fit", str(folder / "weak.h5"), "--points", str(points), "--starts", "0"]) == 2


WRONG = (
    ("--frames", "7:3"), ("--frames", "0:99"), ("--frames", "20:"), ("--frames", "x"),
    ("--frames", "-1:4"), ("--combine", "sum"), ("--combine", "most", "--frames", ":"),
    ("--mask-keeps",), ("--mask", "there is none.npy"), ("--dark", ""), ("--flat", "none.edf"),
    ("--frames", "0:3", "--frame", "2"),
)  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: tuple[str, ...], folder: Path, tmp_path: Path, capsys: Out
) -> None:
    target = tmp_path / "out.json"
    try:
        code = run(["fit", str(folder / "weak.h5"), *arguments, "-o", str(target)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 2
    assert not target.exists()
    assert len(capsys.readouterr().err.splitlines()[-1]) > 20
