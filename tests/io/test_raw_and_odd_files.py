"""Dumps of pixels, tables of numbers and archives: read as they were written, or refused."""

import random
from pathlib import Path

import numpy as np
import pytest

from calibtool import load_image
from calibtool.cli.main import run
from calibtool.errors import (
    DatasetChoiceError,
    ImageReadError,
    InputError,
    UnknownFormatError,
)
from calibtool.io.folder import list_images
from calibtool.io.raw_dump import TYPES, RawLayout, parse_layout, remember_layout
from calibtool.model.circle import Circle
from calibtool.model.simulate import RingShape, expected_counts

SHAPE = (200, 220)
RING = Circle(111.3, 98.2, 60.1)


@pytest.fixture(autouse=True)
def _own_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALIBTOOL_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def counts() -> np.ndarray:
    expected = expected_counts(SHAPE, [RingShape(RING, 2.0, 80.0)], 5.0)
    return np.random.default_rng(4).poisson(expected).astype(np.int32)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_dump_of_every_type_comes_back(
    type_: str, order: str, counts: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "dump.raw"
    data = np.minimum(counts, 100).astype(np.dtype(type_).newbyteorder(order))
    path.write_bytes(b"header" + data.tobytes())
    words = f"220x200:{type_}{'be' if order == '>' else ''}:6"
    remember_layout(str(path), parse_layout(words))
    assert np.array_equal(load_image(path).data, np.minimum(counts, 100))


def test_the_layout_is_remembered_for_files_of_this_size(
    counts: np.ndarray, tmp_path: Path
) -> None:
    for name in ("a.raw", "b.raw", "c.bin"):
        (tmp_path / name).write_bytes(counts.tobytes())
    (tmp_path / "short.raw").write_bytes(counts.tobytes()[:-8])
    with pytest.raises(UnknownFormatError, match=r"a\.raw.*--raw WIDTHxHEIGHT:TYPE"):
        load_image(tmp_path / "a.raw")
    assert list_images(tmp_path) == ()
    remember_layout(str(tmp_path / "a.raw"), RawLayout(220, 200, "int32"))
    names = [str(tmp_path / name) for name in ("a.raw", "b.raw", "c.bin")]
    assert list(list_images(tmp_path)) == names
    for name in names:
        assert np.array_equal(load_image(name).data, counts)
    with pytest.raises(UnknownFormatError):
        load_image(tmp_path / "short.raw")


def test_several_frames_in_a_dump(counts: np.ndarray, tmp_path: Path) -> None:
    path = tmp_path / "stack.raw"
    path.write_bytes(np.stack([counts, counts + 1, counts + 2]).tobytes())
    remember_layout(str(path), RawLayout(220, 200, "int32"))
    image = load_image(path, 2)
    assert image.n_frames == 3
    assert np.array_equal(image.data, counts + 2)
    with pytest.raises(ImageReadError, match="frame 3"):
        load_image(path, 3)


def test_an_image_with_a_format_is_not_taken_for_a_dump(
    counts: np.ndarray, tmp_path: Path
) -> None:
    from PIL import Image as Picture

    path = tmp_path / "a.tif"
    Picture.fromarray(counts).save(path)
    size = path.stat().st_size
    dump = tmp_path / "same_size.raw"
    dump.write_bytes(bytes(size))
    remember_layout(str(dump), RawLayout(1, size, "uint8"))
    assert np.array_equal(load_image(path).data, counts)


@pytest.mark.parametrize(
    "words",
    ["", "140", "220x200", "220x200:float", "220x200:uint16:-1", "0x4:uint8", "1x2:uint8:x"],
)
def test_what_is_no_layout_is_said(words: str) -> None:
    with pytest.raises(InputError, match=r"layout of the pixels|is none"):
        parse_layout(words)


def test_on_the_command_line_it_is_said_once(
    counts: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "agbh.raw"
    path.write_bytes(counts.tobytes())
    assert run(["fit", str(path)]) == 2
    assert "--raw" in capsys.readouterr().err
    for more in (["--raw", "220x200:int32"], []):
        assert run(["fit", str(path), *more, "--json"]) == 0


def test_a_folder_of_dumps_is_a_series(counts: np.ndarray, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(2):
        (folder / f"{number}.raw").write_bytes(counts.tobytes())
    (folder / "notes.dat").write_text("beam was off at noon\n", encoding="utf-8")
    table = tmp_path / "t.csv"
    assert run(["batch", str(folder), "--raw", "220x200:int32", "-o", str(table)]) == 0
    lines = table.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["ok", "ok"]


def test_damaged_and_wrong_dumps_end_in_one_line_and_nothing_is_written(
    counts: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(6)
    path = tmp_path / "damaged.raw"
    for _ in range(50):
        path.write_bytes(counts.tobytes()[: rng.randrange(1, counts.nbytes)])
        words = f"{rng.randrange(400)}x{rng.randrange(400)}:{rng.choice([*TYPES, 'int7'])}"
        words += rng.choice(["", ":4", ":999999", ":x"])
        assert run(["fit", str(path), "--raw", words, "-o", str(tmp_path / "out.json")]) in (1, 2)
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
        assert not (tmp_path / "out.json").exists()


def as_text(counts: np.ndarray, separator: str, decimal: str = ".") -> str:
    numbers = counts * (1 if decimal == "." else 0.5)
    text = "\n".join(separator.join(f"{value:g}" for value in row) for row in numbers)
    return text if decimal == "." else text.replace(".", decimal)


@pytest.mark.parametrize("separator", [",", ", ", ";", "\t", " ", "   "])
@pytest.mark.parametrize("head", ["", "# detector 3\n# counts\n", "Intensity of run 7\n\n"])
def test_a_table_of_numbers_is_an_image(
    separator: str, head: str, counts: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "image.csv"
    path.write_text(head + as_text(counts, separator) + "\n", encoding="utf-8")
    image = load_image(path)
    assert image.data.dtype == np.int32
    assert np.array_equal(image.data, counts)


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_decimal_commas_in_a_table(
    separator: str, counts: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "image.dat"
    path.write_text(as_text(counts, separator, ","), encoding="utf-8")
    assert np.array_equal(load_image(path).data, 0.5 * counts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x_px,y_px\n1,2\n3,4\n", "a table of 2 × 2 numbers, not an image"),
        ("1 2 3\n4 5\n", "a line that is not"),
        ("<html><body>404 1 2</body></html>", "not an image of a known format"),
        ("Dear colleagues,\n", "not an image of a known format"),
    ],
)
def test_other_texts_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImageReadError, match=message):
        load_image(path)


def test_an_archive_of_numpy_offers_its_images_by_name_and_shape(
    counts: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "both.npz"
    np.savez_compressed(path, sample=counts, scan=np.stack([counts, counts + 1]), x=np.arange(5))
    with pytest.raises(DatasetChoiceError, match=r"sample \(220 × 200\), scan \(220 × 200, 2 fr"):
        load_image(path)
    assert np.array_equal(load_image(f"{path}::sample").data, counts)
    assert np.array_equal(load_image(f"{path}::scan", 1).data, counts + 1)
    np.savez(tmp_path / "one.npz", counts)
    assert np.array_equal(load_image(tmp_path / "one.npz").data, counts)
    with pytest.raises(ImageReadError, match="no array y"):
        load_image(f"{path}::y")
    np.savez(tmp_path / "objects.npz", np.full((20, 20), None))
    with pytest.raises(ImageReadError, match="holds no numbers"):
        load_image(tmp_path / "objects.npz")
