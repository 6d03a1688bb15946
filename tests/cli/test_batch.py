"""``calibtool batch``: tables, refusals, stacks, figures."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from calibtool.cli.batch import run
from calibtool.cli.counting import Counter
from calibtool.errors import InputError
from calibtool.tasks.series_row import SeriesRow
from calibtool.tasks.series_table import read_rows
from tests.tasks.frames import SHAPE, START, Series, drifted, frame, write_calibration, write_series
from tests.tasks.here import in_this_process


@pytest.fixture(scope="module", autouse=True)
def here() -> Iterator[None]:
    """What the processes do is tested in tests/tasks/test_series.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibtool.cli.batch.processes", in_this_process)
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Series:
    return write_series(tmp_path_factory.mktemp("small"), 4, accidents=False)


@pytest.fixture(scope="module")
def whole(small: Series, here: None) -> bytes:
    """The table of the small series."""
    table = small.folder.parent / "whole.csv"
    assert run(arguments(small, "-o", str(table))) == 0
    return table.read_bytes()


def arguments(series: Series, *more: str) -> list[str]:
    return [str(series.folder), "--calibration", str(series.calibration), *more]


def test_all_frames_answered_is_exit_code_0_and_the_table_is_on_standard_output(
    small: Series, whole: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(arguments(small)) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.encode() == whole
    assert printed.out.count("\n") == 5


def test_without_a_calibration_the_first_ring_found_is_the_reference(
    small: Series, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    assert run([str(small.folder), "-o", str(table)]) == 0
    first, *others = read_rows(str(table))
    assert abs(first.dx_px or 1.0) < 0.05
    last = others[-1]
    assert last.dx_px == pytest.approx(drifted(3).center_x_px - START.center_x_px, abs=0.06)


def test_a_stack_is_done_frame_by_frame_and_resumed_within(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    stack = tmp_path / "stack.h5"
    with h5py.File(stack, "w") as file:
        file["entry/data"] = np.stack([frame(drifted(n), n) for n in range(5)])
    calibration = write_calibration(tmp_path / "calibration.json")
    table = tmp_path / "table.csv"
    first = [str(stack), "--calibration", str(calibration), "-o", str(table)]
    assert run(first) == 0
    rows = read_rows(str(table))
    assert [row.frame for row in rows] == [0, 1, 2, 3, 4]
    for row in rows:
        assert row.center_x_px == pytest.approx(drifted(row.frame).center_x_px, abs=0.06)
    done = table.read_bytes()
    lines = done.splitlines(keepends=True)
    table.write_bytes(b"".join([lines[0], lines[3], lines[2]]))  # frames 2 and 1, unordered
    assert run([*first, "--resume"]) == 0
    assert table.read_bytes() == done


def test_a_table_that_exists_is_kept_unless_told_otherwise(small: Series, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("mine\n")
    with pytest.raises(InputError, match=r"table\.csv exists.*--resume.*--force"):
        run(arguments(small, "-o", str(table)))
    with pytest.raises(InputError, match="not a table of 'calibtool batch'"):
        run(arguments(small, "-o", str(table), "--resume"))
    assert table.read_text() == "mine\n"
    assert run(arguments(small, "-o", str(table), "--force")) == 0
    assert len(read_rows(str(table))) == 4


def test_a_table_of_another_calibration_is_not_gone_on_with(
    small: Series, whole: bytes, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(whole)
    other = write_calibration(tmp_path / "other.json", drifted(100))
    for changed in (["--calibration", str(other)], [*arguments(small)[1:], "--fixed-center"]):
        with pytest.raises(InputError, match="another calibration"):
            run([str(small.folder), *changed, "-o", str(table), "--resume"])


@pytest.mark.parametrize("what", ["--mask", "--dark", "--flat", "--drift-limit"])
def test_rows_measured_otherwise_are_not_gone_on_with(
    what: str, small: Series, whole: bytes, tmp_path: Path
) -> None:
    """The table lacks its last rows, and what is done to the images has changed since."""
    table, changed = tmp_path / "table.csv", tmp_path / "changed.npy"
    part = b"".join(whole.splitlines(keepends=True)[:3])
    table.write_bytes(part)
    x = np.indices(SHAPE)[1]
    values = {"--mask": x > 150, "--dark": np.full(SHAPE, 2), "--flat": 1.0 + 0.002 * x}
    if what in values:
        np.save(changed, values[what])
    more = ["1e-6"] if what == "--drift-limit" else [str(changed)]
    with pytest.raises(InputError, match=r"was measured otherwise than now: \w+ of run_0\.edf"):
        run(arguments(small, "-o", str(table), "--resume", what, *more))
    assert table.read_bytes() == part
    assert run(arguments(small, "-o", str(table), "--resume")) == 0
    assert table.read_bytes() == whole


def test_a_folder_spelled_otherwise_is_resumed_and_not_done_again(
    small: Series, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(whole)
    monkeypatch.chdir(small.folder.parent)
    again = [small.folder.name, *arguments(small)[1:], "-o", str(table), "--resume"]
    assert run(again) == 0
    assert table.read_bytes() == whole


def test_a_table_that_is_open_elsewhere_keeps_its_rows_and_a_note_says_so(
    small: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from calibtool.tasks import series_table

    written: list[str] = []

    def refuse_the_second(path: str, content: bytes, *, force: bool) -> None:
        written.append(path)
        if len(written) > 1:
            raise InputError("Excel has it open; close it.")
        Path(path).write_bytes(content)

    monkeypatch.setattr(series_table, "write_file", refuse_the_second)
    table = tmp_path / "table.csv"
    assert run(arguments(small, "-o", str(table))) == 0
    assert "not in the order of the files. Excel has it open" in capsys.readouterr().err
    assert len(read_rows(str(table))) == 4


def test_the_fixed_centre_is_the_calibrations_or_the_one_given(
    small: Series, tmp_path: Path
) -> None:
    for more, center in (
        (["--fixed-center"], (START.center_x_px, START.center_y_px)),
        (["--center", "118,5;131,25"], (118.5, 131.25)),
    ):
        table = tmp_path / "table.csv"
        run(arguments(small, "-o", str(table), "--force", *more))
        for row in read_rows(str(table)):
            assert (row.center_x_px, row.center_y_px) == pytest.approx(center)
            assert row.center_source == "fixed"


def test_the_figure_among_the_images_is_none_of_them(small: Series, tmp_path: Path) -> None:
    figure = small.folder / "drift.png"
    more = ["-o", str(tmp_path / "table.csv"), "--figure", str(figure)]
    try:
        assert run(arguments(small, *more)) == 0
        assert figure.read_bytes().startswith(b"\x89PNG")
        assert run(arguments(small, *more, "--resume")) == 0
        assert len(read_rows(str(tmp_path / "table.csv"))) == 4
    finally:
        figure.unlink()


def test_profiles_are_written_for_each_frame(small: Series, tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    assert run(arguments(small, "-o", str(tmp_path / "t.csv"), "--profiles", str(folder))) == 0
    assert len(list(folder.iterdir())) == 4
    with pytest.raises(InputError, match="--profiles"):
        run(arguments(small, "-o", str(tmp_path / "u.csv"), "--profiles", str(folder)))
    assert not (tmp_path / "u.csv").exists()
    assert run(arguments(small, "--profiles", str(folder), "--force")) == 0


def test_a_file_named_in_two_ways_is_measured_once(
    small: Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.folder)
    names = ["run_1.edf", "./run_0.edf", "run_0.edf", str(small.folder / "run_1.edf")]
    table = tmp_path / "once.csv"
    assert run([*names, "--calibration", str(small.calibration), "-o", str(table)]) == 0
    assert [row.file for row in read_rows(str(table))] == ["run_1.edf", "./run_0.edf"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--jobs", "0"], "--jobs"),
        (["--resume"], "-o"),
        (["-o", "t.csv", "--resume", "--force"], "--force"),
        (["--figure", "t.docx"], "t.docx"),
        (["--wavelength", "0.1"], "--wavelength"),
        (["--pattern", "x*"], "x*"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_work(
    small: Series, more: list[str], said: str
) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        run(arguments(small, *more))


def test_progress_says_how_many_and_how_long() -> None:
    counter = Counter(100, io.StringIO())
    for number in range(25):
        status = "failed" if number == 3 else "ok"
        counter.count(SeriesRow(f"{number}.edf", 0, status))
    assert counter.line(50.0) == (
        "25 frames, 25 of 100 files, 1 without an answer, 2 min 30 s left"
    )


def test_a_calibration_of_musclex_will_do(small: Series, tmp_path: Path) -> None:
    from calibtool.io.calibration import Calibration
    from calibtool.io.musclex import write_musclex

    info = tmp_path / "calibration.info"
    write_musclex(info, Calibration.load(small.calibration))
    table = tmp_path / "table.csv"
    assert run([str(small.folder), "--calibration", str(info), "-o", str(table)]) == 0
    first = read_rows(str(table))[0]
    assert first.dx_px == pytest.approx(0.0, abs=0.06)
    assert first.dradius_px == pytest.approx(0.0, abs=0.06)
