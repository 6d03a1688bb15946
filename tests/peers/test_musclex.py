"""MuscleX takes the scale of our calibration.info for its images, and we read what it writes."""

from pathlib import Path

import pytest

from calibtool.io.calibration import Calibration
from tests.peers.conftest import Written

settings_manager = pytest.importorskip(
    "musclex.utils.settings_manager", reason="MuscleX is not installed; 'make test-peers' has it"
)


def test_the_scale_of_an_image_is_ours(at_small_angles: Written) -> None:
    manager = settings_manager.SettingsManager(str(at_small_angles.image.parent))
    ours = Calibration.load(at_small_angles.json)
    assert ours.scale_nm_px is not None
    taken = manager.derive_processing_calibration()["lambda_sdd"]
    print(f"MuscleX: lambda_sdd {taken:.4f} nm·px, ours {ours.scale_nm_px:.4f}")
    assert taken == pytest.approx(ours.scale_nm_px, rel=1e-3)
    center = manager.load_calibration_cache()["settings"]["center"]
    assert center == pytest.approx([ours.beam_x_px, ours.beam_y_px], abs=0.02)


@pytest.mark.parametrize("settings", [
    {"type": "img", "silverB": 5.83803, "radius": 121.5, "center": [498.4, 521.8],
     "scale": 709.320645},
    {"type": "cont", "lambda": 0.1, "sdd": 1219.4, "pixel_size": 0.172, "center": [498.4, 521.8]},
])
def test_what_musclex_writes_is_read(tmp_path: Path, settings: dict[str, object]) -> None:
    manager = settings_manager.SettingsManager(str(tmp_path))
    manager.save_calibration_cache({"path": "a.tif", "settings": settings, "version": "2.1.1"})
    ours = Calibration.load(tmp_path / "settings" / "calibration.info")
    assert ours.beam == pytest.approx((498.4, 521.8))
    scale = ours.scale_nm_px
    if scale is None:
        assert ours.wavelength_nm is not None
        assert ours.distance_mm is not None
        assert ours.pixel_size_mm is not None
        scale = ours.wavelength_nm * ours.distance_mm / ours.pixel_size_mm
    assert scale == pytest.approx(
        manager.derive_processing_calibration()["lambda_sdd"], rel=1e-6
    )
