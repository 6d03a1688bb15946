"""Two hundred damaged or wrong files beside an image: one line says why, nothing is written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibtool.cli.main import run
from calibtool.io.preferences import load_preferences
from tests.exposures import SHAPE, counted, ring_mean, write_edf

fabio = pytest.importorskip("fabio")

EACH = 40
"""How many of each of the five options."""
KINDS = ("npy", "edf", "tif", "msk", "h5", "npz", "png", "cbf")
PONI = {
    "poni_version": "2.1", "Detector": "Detector", "Distance": "0.2",
    "Detector_config": '{"pixel1": 1e-4, "pixel2": 1e-4, "max_shape": null, "orientation": 3}',
    "Poni1": "0.01", "Poni2": "0.01", "Rot1": "0.0", "Rot2": "0.0", "Rot3": "0.0",
    "Wavelength": "1e-10",
}  # fmt: skip
NO_VALUES = ("nan", "inf", "1e300", "-1e9", "x", "0x10", "")
LAYOUTS = (
    "{w}x{h}:uint16", "{h}x{w}:int32:4", "{w}:int32", "0x{h}:int32", "{w}x-{h}:int32",
    "{w}x{h}:int7", "{w}x{h}:int32:{size}", "999999x1:int32", "{w}x{h}", "{w}x{h}:float64", "",
    "wide x high:int32", "1e3x1e3:int32",
)  # fmt: skip


def values(rng: np.random.Generator, how: int) -> np.ndarray[Any, Any]:
    """Ones and zeros; of the first kind of damage with another shape than the image."""
    whole = rng.integers(0, 2, SHAPE).astype(np.int32)
    return whole[: rng.integers(20, 100), : rng.integers(20, 100)] if how == 0 else whole


def spoil(path: Path, rng: np.random.Generator, how: int) -> None:
    """Cut a file, fill it with noise, empty it, or overwrite its header."""
    content = bytearray(path.read_bytes())
    if how == 1:
        content = content[: len(content) // 3]
    elif how == 2:
        content = bytearray(rng.bytes(3000))
    elif how == 3:
        content = bytearray()
    elif how == 4:
        content[:200] = rng.bytes(200)
    path.write_bytes(content)


def damaged_frame(folder: Path, number: int) -> str:
    """The number-th wrong mask, dark or flat."""
    rng, how = np.random.default_rng(number), number // len(KINDS) % 5
    kind = KINDS[number % len(KINDS)]
    path, pixels = folder / f"{number}.{kind}", values(rng, how)
    writers: dict[str, Any] = {
        "edf": fabio.edfimage.EdfImage, "tif": fabio.tifimage.TifImage,
        "msk": fabio.fit2dmaskimage.Fit2dMaskImage, "cbf": fabio.cbfimage.CbfImage,
    }  # fmt: skip
    if kind in writers:
        writers[kind](data=np.ascontiguousarray(pixels)).write(str(path))
    else:
        with path.open("wb") as file:
            np.savez(file, mask=pixels) if kind == "npz" else np.save(file, pixels)
    spoil(path, rng, how)
    return str(path)


def damaged_poni(folder: Path, number: int) -> str:
    """The number-th wrong .poni: without a line, with a value that is none, or spoilt."""
    rng, how = np.random.default_rng(number), number % 5
    entries, path = dict(PONI), folder / f"{number}.poni"
    needed = ("Distance", "Poni1", "Poni2", "Rot1", "Rot2")
    if how == 0:
        key = needed[number // 5 % len(needed)]
        entries[key] = NO_VALUES[number // 5 % len(NO_VALUES)]
        if number // 25:
            del entries[key]
    path.write_text("\n".join(f"{key}: {value}" for key, value in entries.items()) + "\n")
    spoil(path, rng, how)
    return str(path)


def wrong_layout(folder: Path, number: int) -> str:
    """The number-th layout of pixels that the image has not, or that means none."""
    size = (folder / "image.raw").stat().st_size
    text = LAYOUTS[number % len(LAYOUTS)]
    more = 1 + number // len(LAYOUTS)
    return text.format(w=SHAPE[1] + more, h=SHAPE[0] + more, size=size)


MAKERS: dict[str, Callable[[Path, int], str]] = {
    "--mask": damaged_frame, "--dark": damaged_frame, "--flat": damaged_frame,
    "--calibration": damaged_poni, "--raw": wrong_layout,
}  # fmt: skip


@pytest.mark.parametrize("option", MAKERS)
def test_damaged_files_write_nothing_and_say_why(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out" / "calibration.json"
    target.parent.mkdir()
    pixels = counted(ring_mean(0.8, 0.5), np.random.default_rng(1))
    write_edf(tmp_path / "image.edf", pixels)
    (tmp_path / "image.raw").write_bytes(pixels.astype("<i4").tobytes())
    image = tmp_path / ("image.raw" if option == "--raw" else "image.edf")
    before = load_preferences()
    for number in range(EACH):
        given = MAKERS[option](tmp_path, number)
        capsys.readouterr()
        code = run(["fit", str(image), option, given, "-o", str(target)])
        out, err = capsys.readouterr()
        assert code in (1, 2), (number, given)
        assert len(err.splitlines()) == 1, (number, given, err)
        assert "fault inside" not in err, err
        assert option == "--raw" or given in err, err
        assert not out
    assert not list(target.parent.iterdir())
    assert load_preferences() == before
