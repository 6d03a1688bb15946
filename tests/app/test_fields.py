"""Fields: errors stay beside them with what was typed, and nothing else is lost."""

import math
from pathlib import Path

import pytest

from calibtool.model.scale import HC_KEV_NM
from tests.app.checks import essence
from tests.app.driver import Driver

NUMBERS = ("d_spacing", "wavelength", "energy", "distance", "pixel_size", "s10")
COORDINATES = ("center_x", "center_y")
OPTIONS = ("window", "threshold", "population", "generations", "starts", "seed")
WRONG = ("NaN", "inf", "twelve", "1,2,3", "−3 mm")


def shown_error(program: Driver, key: str) -> str:
    row = program.workspace.rows[key]
    return str(row.error.cget("text")) if row.error.winfo_manager() else ""


def test_what_is_no_value_stays_beside_its_reason_and_nothing_is_lost(
    program: Driver, image: Path
) -> None:
    program.open(image)
    before = essence(program.session)
    left = {}
    for key in (*NUMBERS, *COORDINATES, *OPTIONS):
        negative = () if key in COORDINATES else ("-1",)
        zero = ("0",) if key in NUMBERS else ()
        for text in (*WRONG, *negative, *zero):
            program.type_into(key, text)
            assert program.workspace.rows[key].text.get() == text
            assert shown_error(program, key), text
            assert essence(program.session) == before, text
            left[key] = text
    program.type_into("distance", "231")
    del left["distance"]
    for key, text in left.items():
        assert shown_error(program, key), "an error stays while another field is entered"
        assert program.workspace.rows[key].text.get() == text
    for key in ("pixel_size", "center_x", "seed"):
        program.type_into(key, "7")
        assert shown_error(program, key) == ""


def test_decimal_comma_and_point_are_both_taken(program: Driver, image: Path) -> None:
    program.open(image)
    for typed in ("231.5", "231,5", " 231.50 "):
        program.type_into("distance", typed)
        assert program.session.settings.distance.value == 231.5
        assert program.workspace.rows["distance"].text.get() == "231.5"
        program.type_into("distance", "1")


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [("wavelength", "0.4066 Å", 0.04066), ("wavelength", "0,4066A", 0.04066),
     ("energy", "12400 eV", HC_KEV_NM / 12.4), ("pixel_size", "172 um", 0.172),
     ("pixel_size", "172e-6 m", 0.172), ("distance", "21 cm", 210.0)],
)  # fmt: skip
def test_a_number_may_have_its_unit_behind_it(
    program: Driver, key: str, typed: str, value: float
) -> None:
    program.type_into(key, typed)
    settings = program.session.settings
    got = getattr(settings, "wavelength" if key == "energy" else key)
    assert got.value == pytest.approx(value)
    shown = float(program.workspace.rows[key].widget.get())
    assert shown == pytest.approx(12.4 if key == "energy" else value)


def test_a_unit_of_another_kind_is_refused_in_words(program: Driver) -> None:
    program.type_into("wavelength", "0.4066 mm")
    assert program.session.settings.wavelength.value is None
    (error,) = (text for key, _typed, text in program.controller.state.errors)
    assert "nm, Å, A, pm" in error


def test_wavelength_and_energy_follow_each_other(program: Driver, image: Path) -> None:
    program.open(image)
    program.type_into("energy", "12,4")
    wavelength = program.session.settings.wavelength.value
    assert wavelength == pytest.approx(HC_KEV_NM / 12.4)
    assert float(program.workspace.rows["wavelength"].text.get()) == pytest.approx(wavelength)
    program.type_into("wavelength", "0.15")
    energy = float(program.workspace.rows["energy"].text.get())
    assert energy == pytest.approx(HC_KEV_NM / 0.15, rel=1e-6)
    program.type_into("wavelength", "")
    assert program.workspace.rows["energy"].text.get() == ""


def test_a_wrong_energy_is_forgotten_once_the_wavelength_is_entered(
    program: Driver, image: Path
) -> None:
    program.open(image)
    program.type_into("energy", "soft")
    program.type_into("wavelength", "0.1")
    assert shown_error(program, "energy") == ""
    assert float(program.workspace.rows["energy"].text.get()) == pytest.approx(HC_KEV_NM / 0.1)


def test_a_value_still_being_typed_counts_when_a_button_is_pressed(
    program: Driver, image: Path
) -> None:
    program.open(image)
    program.type_into("distance", "777", end="<Key-Shift_L>")
    program.press_button("apply")
    assert program.session.settings.distance.value == 777.0
    assert program.session.applied is not None
    assert program.session.applied[1].distance.value == 777.0


def test_a_fixed_centre_is_used_here_and_on_the_next_image(program: Driver, image: Path) -> None:
    program.open(image)
    found = program.session.result
    assert found is not None
    program.type_into("center_x", "101,25")
    program.type_into("center_y", "96.5")
    program.press(program.workspace.side.fixed_box)
    assert program.session.settings.fixed_xy == (101.25, 96.5)
    for again in (lambda: program.key("<F5>"), lambda: program.open(image)):
        again()
        program.idle()
        result = program.session.result
        assert result is not None
        assert (result.best.center_x_px, result.best.center_y_px) == (101.25, 96.5)
        assert result.best.radius_px == pytest.approx(61.7, abs=1.0)
    assert [cross.role for cross in program.scene.crosses] == ["fixed"]


def test_the_fixed_centre_taken_from_the_fit_is_the_fitted_one(
    program: Driver, image: Path
) -> None:
    program.open(image)
    result = program.session.result
    assert result is not None
    program.press(program.workspace.side.fixed_box)
    fixed = program.session.settings.fixed_xy
    assert fixed is not None
    assert math.dist(fixed, result.beam) < 1e-9
