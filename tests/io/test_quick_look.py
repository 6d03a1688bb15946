"""The first look shows the very pixels that the full readers give, or leaves it to them."""

from pathlib import Path

import numpy as np
import pytest

from calibtool import load_image
from calibtool.io.quick_look import quick_pixels

DTYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8")


def pixels(dtype: str) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 120, (37, 53)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("suffix", ["edf", "tif"])
def test_it_gives_what_the_readers_give(tmp_path: Path, dtype: str, suffix: str) -> None:
    import fabio.edfimage
    import fabio.tifimage

    image = fabio.edfimage.EdfImage if suffix == "edf" else fabio.tifimage.TifImage
    path = tmp_path / f"image.{suffix}"
    image(data=pixels(dtype), header={"Detector": "a = b; c"} if suffix == "edf" else {}).write(
        str(path)
    )
    quick = quick_pixels(str(path))
    if quick is not None:
        np.testing.assert_array_equal(quick, load_image(path).data)
    assert quick is not None or (suffix == "tif" and dtype not in ("u1", "u2", "i4", "f4"))


def test_big_endian_edf(tmp_path: Path) -> None:
    data = pixels("u2")
    text = ("{\nByteOrder = HighByteFirst ;\nDataType = UnsignedShort ;\n"
            f"Dim_1 = {data.shape[1]} ;\nDim_2 = {data.shape[0]} ;\n")
    path = tmp_path / "image.edf"
    path.write_bytes(text.ljust(510).encode() + b"}\n" + data.astype(">u2").tobytes())
    quick = quick_pixels(str(path))
    assert quick is not None
    np.testing.assert_array_equal(quick, data)
    np.testing.assert_array_equal(quick, load_image(path).data)


def test_other_files_are_left_to_the_readers(tmp_path: Path) -> None:
    path = tmp_path / "image.cbf"
    path.write_bytes(b"###CBF: VERSION 1.5\n")
    assert quick_pixels(str(path)) is None
    path.write_bytes(b"{ no image at all }")
    assert quick_pixels(str(path)) is None


def test_it_imports_no_reader_of_other_formats(tmp_path: Path) -> None:
    import subprocess
    import sys

    path = tmp_path / "image.edf"
    import fabio.edfimage

    fabio.edfimage.EdfImage(data=pixels("i4")).write(str(path))
    program = (
        "import sys; from calibtool.io.quick_look import quick_pixels; "
        f"quick_pixels({str(path)!r}); "
        "print([n for n in ('fabio', 'h5py', 'scipy', 'tkinter') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr
