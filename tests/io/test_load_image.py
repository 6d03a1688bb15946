"""Images of every kind come in as stored; what cannot be read says why in one sentence."""

import bz2
import gzip
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calibtool import load_image
from calibtool.errors import ImageReadError
from calibtool.io.images import image_sha256

SHAPE = (60, 70)


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    return np.random.default_rng(7).poisson(40.0, SHAPE).astype(np.int32)


def _write(path: Path, data: np.ndarray) -> Path:
    import fabio.cbfimage
    import fabio.dtrekimage
    import fabio.edfimage
    import fabio.marccdimage
    import fabio.numpyimage
    import fabio.tifimage

    writers = {
        "edf": fabio.edfimage.EdfImage,
        "cbf": fabio.cbfimage.CbfImage,
        "tif": fabio.tifimage.TifImage,
        "img": fabio.dtrekimage.DtrekImage,
        "mccd": fabio.marccdimage.MarccdImage,
        "npy": fabio.numpyimage.NumpyImage,
    }
    stored = data.astype(np.uint16) if path.suffix in (".img", ".mccd") else data
    writers[path.suffix[1:]](data=stored, header={}).write(str(path))
    return path


@pytest.mark.parametrize("kind", ["edf", "cbf", "tif", "img", "mccd", "npy"])
def test_a_written_image_comes_back_pixel_by_pixel(
    kind: str, tmp_path: Path, counts: np.ndarray
) -> None:
    image = load_image(_write(tmp_path / f"frame.{kind}", counts))
    np.testing.assert_array_equal(image.data, counts)
    assert image.data.dtype.isnative
    assert not image.data.flags.writeable
    assert not image.mask.flags.writeable
    assert (image.frame, image.n_frames) == (0, 1)


@pytest.mark.parametrize("kind", ["edf", "cbf", "tif"])
@pytest.mark.parametrize(("suffix", "packer"), [(".gz", gzip.compress), (".bz2", bz2.compress)])
def test_compressed_files_are_read(
    kind: str, suffix: str, packer: Callable[[bytes], bytes], tmp_path: Path, counts: np.ndarray
) -> None:
    plain = _write(tmp_path / f"frame.{kind}", counts)
    packed = tmp_path / f"frame.{kind}{suffix}"
    packed.write_bytes(packer(plain.read_bytes()))
    np.testing.assert_array_equal(load_image(packed).data, counts)


@pytest.mark.parametrize("kind", ["edf", "cbf", "tif", "img", "mccd", "npy"])
@pytest.mark.parametrize("share", [0.97, 0.5, 0.02])
def test_a_truncated_file_is_refused(
    kind: str, share: float, tmp_path: Path, counts: np.ndarray, capfd: pytest.CaptureFixture[str]
) -> None:
    content = _write(tmp_path / f"frame.{kind}", counts).read_bytes()
    cut = tmp_path / f"cut.{kind}"
    cut.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ImageReadError, match=r"cut\."):
        load_image(cut)
    assert capfd.readouterr().err == ""


def test_a_cbf_with_a_broken_head_does_not_hang(tmp_path: Path, counts: np.ndarray) -> None:
    content = _write(tmp_path / "frame.cbf", counts).read_bytes()
    for broken in (
        content.replace(b"###CBF", b"#-#CBF").replace(b"BINARY-FORMAT", b"BINARY-FORMAP", 1),
        content.replace(b"\x0c\x1a\x04\xd5", b"\x0c\x1a\x04\xd4"),
        content.replace(b"--CIF-BINARY", b"--CIF-BINERY"),
    ):
        for name, packed in (("cut.cbf", broken), ("cut.cbf.gz", gzip.compress(broken))):
            (tmp_path / name).write_bytes(packed)
            with pytest.raises(ImageReadError, match="cut"):
                load_image(tmp_path / name)


@pytest.mark.parametrize("packer", [None, gzip.compress])
def test_a_tiff_whose_directories_go_in_a_circle_does_not_hang(
    packer: Callable[[bytes], bytes] | None, tmp_path: Path, counts: np.ndarray
) -> None:
    content = bytearray(_write(tmp_path / "frame.tif", counts).read_bytes())
    first = int.from_bytes(content[4:8], "little")
    last = first + 2 + 12 * int.from_bytes(content[first : first + 2], "little")
    content[last : last + 4] = first.to_bytes(4, "little")
    circle = tmp_path / ("circle.tif.gz" if packer else "circle.tif")
    circle.write_bytes(packer(bytes(content)) if packer else bytes(content))
    with pytest.raises(ImageReadError, match=r"circle.*copy it again"):
        load_image(circle)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate"])
def test_a_damaged_compressed_tiff_is_refused_and_not_filled_with_zeros(
    compression: str, tmp_path: Path, counts: np.ndarray
) -> None:
    from PIL import Image as Picture

    path = tmp_path / "packed.tif"
    Picture.fromarray(counts.astype(np.uint16)).save(path, compression=compression)
    content = bytearray(path.read_bytes())
    content[8:60] = b"\xff" * 52
    path.write_bytes(bytes(content))
    with pytest.raises(ImageReadError, match=r"packed\.tif.*damaged"):
        load_image(path)


def test_every_frame_of_a_compressed_tiff_is_read(tmp_path: Path, counts: np.ndarray) -> None:
    from PIL import Image as Picture

    pages = [Picture.fromarray((counts + i).astype(np.uint16)) for i in range(3)]
    path = tmp_path / "three.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    image = load_image(path, frame=2)
    assert image.n_frames == 3
    np.testing.assert_array_equal(image.data, counts + 2)


def test_nothing_is_printed_about_a_packed_file_that_is_damaged(
    tmp_path: Path, counts: np.ndarray, capfd: pytest.CaptureFixture[str]
) -> None:
    content = _write(tmp_path / "frame.tif", counts).read_bytes()
    # A compression that nobody knows.
    entry = b"\x03\x01\x03\0\x01\0\0\0"
    content = content.replace(entry + b"\x01", entry + b"\x63", 1)
    (tmp_path / "frame.tif.gz").write_bytes(gzip.compress(content))
    with pytest.raises(ImageReadError, match="frame"):
        load_image(tmp_path / "frame.tif.gz")
    assert capfd.readouterr().out == ""


def test_a_truncated_gzip_is_refused(tmp_path: Path, counts: np.ndarray) -> None:
    content = gzip.compress(_write(tmp_path / "frame.edf", counts).read_bytes())
    (tmp_path / "cut.edf.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(ImageReadError, match="truncated"):
        load_image(tmp_path / "cut.edf.gz")


def test_the_wanted_frame_of_an_edf_is_read(tmp_path: Path, counts: np.ndarray) -> None:
    import fabio.edfimage

    file = fabio.edfimage.EdfImage(data=counts, header={"Title": "first"})
    file.append_frame(data=counts + 1, header={"Title": "second"})
    file.append_frame(data=counts + 2, header={"Title": "third"})
    path = tmp_path / "three.edf"
    file.write(str(path))
    image = load_image(path, frame=2)
    assert (image.frame, image.n_frames) == (2, 3)
    assert image.header["Title"] == "third"
    np.testing.assert_array_equal(image.data, counts + 2)
    for wrong in (3, -1):
        with pytest.raises(ImageReadError, match=rf"no frame {wrong}.*0 to 2"):
            load_image(path, frame=wrong)


def test_the_wanted_frame_of_a_tiff_is_read(tmp_path: Path, counts: np.ndarray) -> None:
    from PIL import Image as Picture

    pages = [Picture.fromarray((counts + i).astype(np.int32), mode=None) for i in range(3)]
    path = tmp_path / "three.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    image = load_image(path, frame=1)
    assert image.n_frames == 3
    np.testing.assert_array_equal(image.data, counts + 1)


def test_a_big_endian_file_becomes_native(tmp_path: Path, counts: np.ndarray) -> None:
    path = tmp_path / "big.npy"
    np.save(path, counts.astype(">i4"))
    image = load_image(path)
    assert image.data.dtype == np.dtype(np.int32)
    np.testing.assert_array_equal(image.data, counts)


@pytest.mark.parametrize("kind", ["png", "tif", "jpg"])
def test_a_colour_picture_becomes_luminance(kind: str, tmp_path: Path) -> None:
    from PIL import Image as Picture

    rgb = np.zeros((40, 50, 3), np.uint8)
    rgb[:] = (200, 100, 50)
    Picture.fromarray(rgb).save(tmp_path / f"screen.{kind}")
    image = load_image(tmp_path / f"screen.{kind}")
    assert image.data.shape == (40, 50)
    np.testing.assert_allclose(image.data, 0.299 * 200 + 0.587 * 100 + 0.114 * 50, atol=1.5)


def test_a_grey_png_keeps_its_counts(tmp_path: Path, counts: np.ndarray) -> None:
    from PIL import Image as Picture

    Picture.fromarray(counts.astype(np.uint16)).save(tmp_path / "grey.png")
    np.testing.assert_array_equal(load_image(tmp_path / "grey.png").data, counts)


def _no_file(folder: Path) -> Path:
    return folder / "nothing.tif"


def _folder(folder: Path) -> Path:
    return folder


def _empty(folder: Path) -> Path:
    (folder / "empty.tif").touch()
    return folder / "empty.tif"


def _text(folder: Path) -> Path:
    (folder / "notes.tif").write_text("This is not an image.\n" * 50)
    return folder / "notes.tif"


def _noise(folder: Path) -> Path:
    (folder / "noise.edf").write_bytes(np.random.default_rng(3).bytes(20_000))
    return folder / "noise.edf"


def _zeros(folder: Path) -> Path:
    (folder / "zeros.img").write_bytes(bytes(100_000))
    return folder / "zeros.img"


def _broken_hdf5(folder: Path) -> Path:
    (folder / "broken.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(4000))
    return folder / "broken.h5"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_no_file, "no such file"),
        (_folder, "is a folder"),
        (_empty, "empty"),
        (_text, "not an image"),
        (_noise, "not an image"),
        (_zeros, "not an image|truncated"),
        (_broken_hdf5, "damaged|truncated"),
    ],
)
def test_what_is_no_image_says_which_file_and_why(
    make: Callable[[Path], Path], reason: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make(tmp_path)
    with pytest.raises(ImageReadError, match=reason) as raised:
        load_image(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_without_the_right_to_read_says_so(tmp_path: Path, counts: np.ndarray) -> None:
    path = _write(tmp_path / "frame.edf", counts)
    path.chmod(0)
    with pytest.raises(ImageReadError, match="may not read"):
        load_image(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    with pytest.raises(ImageReadError, match="pipe"):
        load_image(tmp_path / "pipe.tif")


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits"])
@pytest.mark.parametrize("kind", ["uint16", "float32", "uint8"])
def test_compressed_tiffs_are_read(
    compression: str, kind: str, tmp_path: Path, counts: np.ndarray
) -> None:
    from PIL import Image as Picture

    data = counts.astype(kind)
    Picture.fromarray(data).save(tmp_path / "packed.tif", compression=compression)
    np.testing.assert_array_equal(load_image(tmp_path / "packed.tif").data, data)


def test_a_dataset_of_a_file_that_is_no_hdf5_is_refused(tmp_path: Path, counts: np.ndarray) -> None:
    path = _write(tmp_path / "frame.edf", counts)
    with pytest.raises(ImageReadError, match="not an HDF5 file"):
        load_image(f"{path}::/entry/data")


def test_the_sha256_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc.tif").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert image_sha256(tmp_path / "abc.tif") == expected
    assert image_sha256(f"{tmp_path / 'abc.tif'}::/entry") == expected


@pytest.mark.parametrize(
    ("name", "shape", "n_frames"),
    [
        ("pilatus1m_agbh.edf.gz", (1043, 981), 1),
        ("pilatus1m_ceo2.tif", (1043, 981), 1),
        ("pilatus300kw_tilted.tif", (195, 1475), 1),
        ("gabriel_agbh.tif", (256, 256), 1),
        ("adsc_agbh.img", (1152, 1152), 1),
        ("eiger2_9m_no_ring.h5", (3262, 3108), 2),
    ],
)
def test_real_files_open_without_a_word(
    name: str,
    shape: tuple[int, int],
    n_frames: int,
    real_data: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    image = load_image(real_data / name)
    assert image.data.shape == image.mask.shape == shape
    assert image.n_frames == n_frames
    assert not image.mask.all()
    assert capfd.readouterr().err == ""
