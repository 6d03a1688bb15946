"""``calibration.info``: plain when written, and harmless when read, whoever made it."""

import os
import pickle
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibtool.errors import InputError
from calibtool.io.calibration import Calibration
from calibtool.io.musclex import musclex_dict, write_musclex
from calibtool.io.safe_pickle import RefusedError, load_plain
from tests.drawn import examples

RING: Any = Calibration(
    image="/data/agbh.tif",
    center_x_px=np.float64(570.62),
    center_y_px=np.float64(491.13),
    radius_px=np.float64(242.54),
    d_spacing_nm=5.838,
    wavelength_nm=0.1,
    distance_mm=2431.7,
    pixel_size_mm=np.float32(0.172),
    detector="Pilatus1M",
)


def all_types(value: Any) -> set[type]:
    found = {type(value)}
    if isinstance(value, dict):
        items = [*value.keys(), *value.values()]
    else:
        items = list(value) if isinstance(value, (list, tuple)) else []
    for item in items:
        found |= all_types(item)
    return found


def test_plain_pickle_load_gives_plain_types_only(tmp_path: Path) -> None:
    path = tmp_path / "calibration.info"
    write_musclex(path, RING)
    data = path.read_bytes()
    names = {op.name for op, _, _ in pickletools.genops(data)}
    assert not names & {"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "BUILD"}
    content = pickle.loads(data)
    assert all_types(content) <= {dict, list, str, float}
    assert set(content) == {"path", "settings", "version"}
    chosen = content["settings"]
    assert chosen["type"] == "img"
    assert chosen["center"] == [570.62, 491.13]
    assert chosen["radius"] == 242.54
    assert chosen["silverB"] == 5.838
    assert chosen["scale"] == pytest.approx(5.838 * 242.54)
    assert chosen["sdd"] == 2431.7
    assert chosen["pixel_size"] == pytest.approx(0.172)
    assert chosen["detector"] == "Pilatus1M"


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    write_musclex(tmp_path / "calibration.info", RING)
    back = Calibration.load(tmp_path / "calibration.info")
    for name in ("image", "center_x_px", "center_y_px", "radius_px", "d_spacing_nm", "distance_mm"):
        assert getattr(back, name) == getattr(RING, name), name
    assert back.detector == "Pilatus1M"
    assert back.scale_nm_px == pytest.approx(5.838 * 242.54)
    assert "MuscleX" in back.sources["radius_px"]


def test_parameters_without_a_ring_are_of_the_other_type(tmp_path: Path) -> None:
    settings = Calibration(wavelength_nm=0.1033, distance_mm=2000.0, pixel_size_mm=0.172)
    content = musclex_dict(settings)["settings"]
    assert content["type"] == "cont"
    assert content["beam_energy"] == pytest.approx(1.239841984 / 0.1033)
    assert content["scale"] == pytest.approx(0.1033 * 2000.0 / 0.172)
    assert "center" not in content
    write_musclex(tmp_path / "a.info", settings)
    back = Calibration.load(tmp_path / "a.info")
    assert (back.wavelength_nm, back.distance_mm, back.pixel_size_mm) == (0.1033, 2000.0, 0.172)


def test_too_little_to_write_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="radius and d-spacing"):
        write_musclex(tmp_path / "a.info", Calibration(radius_px=3.0))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_files_of_musclex_with_numpy_numbers_are_read(protocol: int, tmp_path: Path) -> None:
    content = {
        "path": "/images/agbh.tif",
        "settings": {
            "center": (np.float64(500.25), np.float32(400.5)),
            "radius": np.int64(240),
            "silverB": 5.83803,
            "type": "img",
            "manual": np.bool_(True),
            "scale": np.float64(1401.1272),
        },
        "version": "1.27.0",
    }
    path = tmp_path / "calibration.info"
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    if protocol == 2:
        # Bytes need codecs.encode there, and nothing but numpy's numbers is let in.
        with pytest.raises(InputError, match="refused"):
            Calibration.load(path)
        return
    back = Calibration.load(path)
    assert (back.center_x_px, back.center_y_px, back.radius_px) == (500.25, 400.5, 240.0)
    assert (back.d_spacing_nm, back.scale_nm_px) == (5.83803, 1401.1272)


@pytest.mark.parametrize(
    "number",
    [np.float64(-1.5), np.float32(2.5), np.int8(-3), np.uint64(2**63), np.bool_(False)],
    ids=str,
)
def test_numpy_numbers_become_plain_ones(number: Any) -> None:
    value = load_plain(pickle.dumps(number, protocol=4))
    assert value == number
    assert type(value) in (float, int, bool)


class Hostile:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize(
    "function",
    [os.system, eval, exec, __import__, getattr, np.load, np.array],
    ids=lambda function: str(function.__name__),
)
def test_a_hostile_pickle_is_refused_and_nothing_runs(function: Any, tmp_path: Path) -> None:
    trace = tmp_path / "was_here"
    hostile = Hostile(function, f"touch {trace}")
    path = tmp_path / "calibration.info"
    for content in (hostile, {"settings": {"radius": hostile}}):
        path.write_bytes(pickle.dumps(content))
        with pytest.raises(InputError, match=r"refused and nothing in it was run"):
            Calibration.load(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n(S'touch was_here'\ntR.",
        b"cnumpy.core.multiarray\nscalar\n(cos\nsystem\nS'x'\ntR.",
        b"cnumpy\ndtype\n(S'O8'\ntR.",
        b"cnumpy\nload\n.",
        b"cnumpy\ndtype\n.",
        b"cnumpy.core.multiarray\nscalar\n.",
        b"(inumpy\nload\n.",
        b"Pfile\n.",
        b"\x82\x01.",
    ],
)
def test_hand_made_opcodes_are_refused(data: bytes) -> None:
    with pytest.raises((RefusedError, ValueError)):
        load_plain(data)


def test_the_stand_ins_for_numpy_cannot_be_changed_by_a_pickle() -> None:
    # BUILD with a slot state sets attributes on whatever lies on the stack.
    data = b"cnumpy.core.multiarray\nscalar\n(N}S'__call__'\nNstb."
    with pytest.raises((RefusedError, ValueError)):
        load_plain(data)
    assert load_plain(pickle.dumps(np.float64(1.5), protocol=4)) == 1.5


@examples(150)
@given(st.binary(max_size=200))
def test_rubbish_never_raises_anything_else(data: bytes) -> None:
    try:
        value = load_plain(data)
    except (RefusedError, ValueError):
        return
    assert all_types(value) <= {
        dict,
        list,
        tuple,
        set,
        frozenset,
        str,
        float,
        int,
        bool,
        bytes,
        type(None),
    }


@pytest.mark.parametrize("content", [b"", b"not a pickle", pickle.dumps([1, 2]), pickle.dumps({})])
def test_what_is_no_calibration_says_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "calibration.info"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"calibration\.info is not a calibration of MuscleX"):
        Calibration.load(path)
    with pytest.raises(InputError, match=r"Cannot read .*none"):
        Calibration.load(tmp_path / "none")


@pytest.mark.parametrize("value", [float("nan"), -1.0, 0, "text", True, [1], None, 10**400])
def test_absurd_entries_are_left_out(value: Any, tmp_path: Path) -> None:
    path = tmp_path / "calibration.info"
    content = {"settings": {"radius": value, "sdd": value, "center": [1.0, 2.0], "detector": 3}}
    path.write_bytes(pickle.dumps(content))
    back = Calibration.load(path)
    assert (back.radius_px, back.distance_mm, back.detector) == (None, None, None)
    assert (back.center_x_px, back.center_y_px) == (1.0, 2.0)
