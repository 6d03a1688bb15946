"""What the executable leaves out, what it must have, and which libraries may be stripped."""

import importlib.util
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SETUP = Path(__file__).resolve().parents[2] / "setup"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"setup_{name}", SETUP / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


trim = module("trim")
elf = module("elf")


@pytest.mark.parametrize(
    "path",
    [
        "hdf5plugin/plugins/libh5sz3.so",
        "hdf5plugin\\plugins\\libh5sz3.dll",
        "python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so",
        "_tcl_data/tzdata/Europe/Berlin",
        "numpy/_core/tests/data/a.npy",
    ],
)
def test_it_leaves_out_what_is_listed_on_every_system(path: str) -> None:
    assert trim.is_dropped(path)


@pytest.mark.parametrize(
    "path",
    [
        "hdf5plugin/plugins/libh5bshuf.so",
        "hdf5plugin/plugins/libh5blosc2.so",
        "calibtool/icons/open.png",
        "pyfai-2026.9.0.dist-info/METADATA",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
        "matplotlib/mpl-data/fonts/ttf/LastResortHE-Regular.ttf",
    ],
)
def test_it_keeps_what_is_needed(path: str) -> None:
    assert not trim.is_dropped(path)


def test_nothing_is_both_needed_and_left_out() -> None:
    for pattern in trim.NEEDED_FILES:
        assert not trim.is_dropped(pattern.replace("*", "x"))


def test_nothing_of_our_own_source_is_an_excluded_module() -> None:
    sources = (SETUP.parent / "calibtool").rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    imported = set(re.findall(r"^ *(?:from|import) ([\w.]+)", text, flags=re.MULTILINE))
    # The cluster's library is used where it is installed and not brought along.
    assert not (imported & set(trim.EXCLUDED_MODULES)) - {"dask", "distributed"}


def test_a_missing_part_is_named_with_its_purpose() -> None:
    there = [pattern.replace("*", "x") for pattern in trim.NEEDED_FILES]
    assert trim.missing(there) == []
    [complaint] = trim.missing([path for path in there if "libh5bshuf" not in path])
    assert complaint == "hdf5plugin/plugins/libh5bshuf* (filter bitshuffle, of Eiger detectors)"


def test_every_module_of_calibtool_is_collected() -> None:
    names = trim.own_modules(SETUP.parent)
    assert {"calibtool", "calibtool.model.points.circle_fit", "calibtool.cli"} <= set(names)
    assert not any("tests" in name for name in names)


def test_a_library_whose_segments_are_misplaced_is_not_loadable(tmp_path: Path) -> None:
    """A file header and one PT_LOAD program header, as elf(5) describes them."""
    for address, loadable in ((0x2000, True), (0x3000, True), (0x2010, False)):
        header = b"\x7fELF\x02\x01" + bytes(10)
        header += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0)
        segment = struct.pack("<IIQQQQQQ", 1, 5, 0x1000, address, address, 16, 16, 0x1000)
        path = tmp_path / "library.so"
        path.write_bytes(header + segment)
        assert elf.is_loadable(path) is loadable


@pytest.mark.skipif(sys.platform != "linux", reason="libraries of Linux")
def test_a_real_library_is_loadable() -> None:
    import numpy as np

    libraries = list(Path(np.__file__).parent.rglob("*.so"))
    assert libraries
    assert all(elf.is_loadable(path) for path in libraries)


def test_a_file_that_is_no_library_is_not_loadable(tmp_path: Path) -> None:
    path = tmp_path / "text.so"
    path.write_text("not a library", encoding="utf-8")
    assert not elf.is_loadable(path)


WITHOUT = """
import sys
from importlib.abc import MetaPathFinder
class Gate(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if any(name == out or name.startswith(out + ".") for out in EXCLUDED):
            raise ModuleNotFoundError(f"{name} is not brought along", name=name)
sys.meta_path.insert(0, Gate())
from calibtool.__main__ import main
sys.argv = ["calibtool", "--self-test"]
raise SystemExit(main())
"""


def test_without_what_is_left_out_everything_works(tmp_path: Path) -> None:
    """The self-test, as in the executable but without hours of building."""
    code = f"EXCLUDED = {sorted(trim.EXCLUDED_MODULES)!r}\n{WITHOUT}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=200, cwd=tmp_path,
        env=os.environ | {"CALIBTOOL_HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
