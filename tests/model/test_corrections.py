"""Dark, flat and several frames: the right ring, and a σ that says how right."""

from functools import partial

import numpy as np
import pytest

from calibtool import refine_ring
from calibtool.errors import InputError
from calibtool.model.exposure import Combine
from calibtool.model.image import Image
from calibtool.model.pixels.combining import combine, median_factor, one_frame
from calibtool.model.pixels.corrections import Dark, Flat, corrected
from calibtool.model.pixels.reasons import why_masked
from calibtool.model.results import RingFit
from tests.exposures import RING, SHAPE, as_image, camera, counted, ring_mean

NONE = np.zeros(SHAPE, dtype=bool)


def fitted(image: Image) -> RingFit:
    return refine_ring(image.data, RING, mask=image.mask, variance=image.variance)


def errors(fit: RingFit) -> list[float]:
    return [
        fit.center_x_px - RING.center_x_px,
        fit.center_y_px - RING.center_y_px,
        fit.radius_px - RING.radius_px,
    ]


def sigmas(fit: RingFit) -> list[float]:
    return [fit.sigma_center_x_px, fit.sigma_center_y_px, fit.sigma_radius_px]


def test_dark_and_flat_of_a_camera_leave_the_truth_with_an_honest_sigma() -> None:
    gain, level = camera()
    pulls, without = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        raw = one_frame(as_image(counted(level + gain * ring_mean(40.0, 5.0), rng)))
        dark = Dark("dark", counted(level, rng), NONE, counts=True)
        flat = Flat("flat", counted(2000.0 * gain, rng), NONE, counts=True)
        fit = fitted(corrected(raw, dark, flat))
        pulls.append(np.divide(errors(fit), sigmas(fit)))
        if seed < 10:
            fit = fitted(raw.image)
            without.append(np.divide(errors(fit), sigmas(fit)))
    assert 0.9 < np.sqrt(np.mean(np.square(pulls))) < 1.1
    # The uneven gain draws the centre along x.
    assert abs(np.mean(without, axis=0)[0]) > 4.0 / np.sqrt(10)
    assert np.abs(np.mean(pulls, axis=0)).max() < 3.0 / np.sqrt(30)


def test_pixels_weigh_by_their_variance() -> None:
    gain, level = camera()
    rng = np.random.default_rng(5)
    raw = one_frame(as_image(counted(level + gain * ring_mean(40.0, 5.0), rng)))
    dark = Dark("dark", counted(level, rng), NONE, counts=True)
    image = corrected(raw, dark, Flat("flat", gain, NONE, counts=False))
    plain = refine_ring(image.data, RING, mask=image.mask)
    assert fitted(image).sigma_center_x_px < 0.95 * plain.sigma_center_x_px


def test_sixteen_frames_of_a_quarter_are_worth_four_times_one_of_a_whole() -> None:
    mean = ring_mean(30.0, 6.0)
    ratio = []
    found: dict[str, list[list[float]]] = {"mean": [], "sum": [], "one": []}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        frames = [as_image(counted(mean / 4.0, rng)) for _ in range(16)]
        whole = one_frame(as_image(np.sum([f.data for f in frames], axis=0, dtype=np.int32)))
        one = fitted(whole.image)
        found["one"].append(errors(one))
        for how in ("mean", "sum"):
            fit = fitted(corrected(combine(partial(iter, frames), how), None, None))
            ratio.append(np.divide(sigmas(fit), sigmas(one)))
            found[how].append(errors(fit))
    assert np.allclose(np.mean(ratio, axis=0), 1.0, atol=0.05)
    rms = {how: float(np.sqrt(np.mean(np.square(list_)))) for how, list_ in found.items()}
    assert rms["mean"] == pytest.approx(rms["one"], rel=0.05)
    assert rms["sum"] == pytest.approx(rms["one"], rel=0.05)


def test_the_median_leaves_out_what_strikes_one_frame() -> None:
    rng = np.random.default_rng(3)
    frames = []
    for _ in range(9):
        data = counted(ring_mean(80.0, 60.0), rng)
        struck = rng.integers(data.size, size=400)
        data.ravel()[struck] = 60000
        frames.append(as_image(data))
    combined = combine(lambda: iter(frames), "median")
    assert combined.note == ""
    assert combined.image.data.max() < 300
    fit = fitted(corrected(combined, None, None))
    assert np.abs(np.divide(errors(fit), sigmas(fit))).max() < 3.5


@pytest.mark.parametrize("parts", [1, 2, 3, 4, 5, 8, 15])
def test_the_variance_of_a_median_is_known(parts: int) -> None:
    values = np.random.default_rng(parts).normal(size=(40000, parts))
    measured = float(np.median(values, axis=1).var()) * parts
    assert median_factor(parts) == pytest.approx(measured, rel=0.05)


def test_the_median_of_hardly_any_counts_is_warned_of() -> None:
    rng = np.random.default_rng(3)
    frames = [as_image(counted(ring_mean(0.3, 0.4), rng)) for _ in range(8)]
    assert "--combine mean" in combine(lambda: iter(frames), "median").note


@pytest.mark.parametrize("how", ["mean", "sum", "median"])
def test_a_pixel_masked_in_one_frame_is_masked(how: Combine) -> None:
    rng = np.random.default_rng(1)
    frames = [as_image(counted(ring_mean(9.0, 9.0), rng)) for _ in range(3)]
    frames[1].mask[4, 5] = True
    assert np.argwhere(combine(lambda: iter(frames), how).image.mask).tolist() == [[4, 5]]


def test_a_dark_is_taken_off_each_exposure_of_a_sum() -> None:
    frames = [as_image(np.full(SHAPE, 100, np.uint16)) for _ in range(3)]
    dark = Dark("dark", np.full(SHAPE, 20, np.uint16), NONE, counts=True, scale=2.0)
    total = corrected(combine(lambda: iter(frames), "sum"), dark, None)
    mean = corrected(combine(lambda: iter(frames), "mean"), dark, None)
    assert np.all(total.data == 3 * (100 - 2 * 20))
    assert np.all(mean.data == 100 - 2 * 20)
    assert total.variance is not None
    assert mean.variance is not None
    # 300 counts and the dark's own noise, 6 times; and a ninth of it.
    np.testing.assert_allclose(total.variance, 300 + 6**2 * 20)
    np.testing.assert_allclose(mean.variance, 100 / 3 + 2**2 * 20)


def test_what_the_flat_lacks_is_masked_and_says_so() -> None:
    gain, _ = camera()
    gain[3, 4], gain[5, 6], gain[7, 8] = 0.0, np.nan, -1.0
    raw = one_frame(as_image(counted(ring_mean(40.0, 5.0), np.random.default_rng(1))))
    image = corrected(raw, None, Flat("flat", gain, NONE, counts=False))
    assert np.argwhere(image.mask).tolist() == [[3, 4], [5, 6], [7, 8]]
    assert why_masked(image, 4, 3) == ("no value in the flat",)
    assert np.isfinite(image.data).all()


def test_a_dark_or_flat_that_is_none_is_refused() -> None:
    raw = one_frame(as_image(counted(ring_mean(40.0, 5.0), np.random.default_rng(1))))
    with pytest.raises(InputError, match="brighter than the image"):
        corrected(raw, Dark("d", np.full(SHAPE, 900), NONE, counts=True), None)
    with pytest.raises(InputError, match="cannot be the dark: it has 9 × 8 pixels"):
        corrected(raw, Dark("d", np.zeros((8, 9)), np.zeros((8, 9), bool), counts=True), None)
    with pytest.raises(InputError, match="100 % of its pixels are zero"):
        corrected(raw, None, Flat("f", np.zeros(SHAPE), NONE, counts=False))
