"""find_ring against simulated truth and real images with known rings."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibtool.errors import RingNotFoundError
from calibtool.model.circle import CircleLike
from calibtool.model.finding import find_ring

TOLERANCE_PX = {
    "pilatus1m_agbh.edf.gz": 0.3,
    "pilatus1m_ceo2.tif": 0.3,
    "pilatus3_1m_agbh.tif": 0.5,
    "adsc_agbh.img": 1.5,
    "gabriel_agbh.tif": 0.5,
    "pilatus3_1m_biocat.tif": 0.3,
}


def off_px(found: CircleLike, truth: dict[str, float]) -> float:
    """Largest difference of the centre's x and y and of the radius."""
    return max(
        abs(getattr(found, name) - truth[name])
        for name in ("center_x_px", "center_y_px", "radius_px")
    )


@pytest.mark.parametrize("name", TOLERANCE_PX)
def test_a_listed_ring_of_a_real_image_is_found(real_data: Path, name: str) -> None:
    import fabio

    data = fabio.open(str(real_data / name)).data
    listed = json.loads((real_data / "references.json").read_text())[name]
    found = find_ring(data)
    assert min(off_px(found, ring) for ring in listed) < TOLERANCE_PX[name]


@pytest.mark.parametrize("frame", [0, 1])
def test_an_empty_frame_has_no_ring(real_data: Path, frame: int) -> None:
    import h5py
    import hdf5plugin  # noqa: F401 - registers the compression filter of the file

    with h5py.File(real_data / "eiger2_9m_no_ring.h5") as file:
        data = np.asarray(file["entry/data/data"][frame])
    with pytest.raises(RingNotFoundError, match="No ring found"):
        find_ring(data)
