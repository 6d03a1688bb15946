"""The published schema of the JSON describes what is written, all of it and nothing else."""

import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from calibtool.cli.main import run
from calibtool.io.calibration import Calibration
from calibtool.tasks.gallery import write_image


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    text = resources.files("calibtool.io").joinpath("calibration.schema.json").read_text("utf-8")
    result: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(result)
    return result


def test_it_names_every_entry(schema: dict[str, Any]) -> None:
    assert list(schema["properties"]) == list(Calibration().to_json_dict())


def test_nothing_known_is_as_described(schema: dict[str, Any]) -> None:
    jsonschema.validate(Calibration().to_json_dict(), schema)


@pytest.mark.parametrize("kind", ["agbh", "tilted"])
def test_what_is_printed_is_as_described(
    schema: dict[str, Any], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = write_image(tmp_path / "image.edf", kind)
    assert run(["fit", str(image), "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_points_mask_and_an_earlier_calibration_are_as_described(
    schema: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = write_image(tmp_path / "image.edf")
    points = tmp_path / "points.csv"
    places = [(619.8, 521.8), (498.4, 643.3), (376.9, 521.8), (498.4, 400.4), (584.2, 607.7)]
    points.write_text("x_px,y_px\n" + "\n".join(f"{x},{y}" for x, y in [*places, (480, 350)]))
    assert run(["fit", str(image), "--points", str(points), "-o", str(tmp_path / "a.json")]) == 0
    saved = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert saved["n_points"] == 6
    jsonschema.validate(saved, schema)
    again = ["fit", str(image), "--calibration", str(tmp_path / "a.json"), "--json"]
    capsys.readouterr()
    assert run(again) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["moved"] is not None
    jsonschema.validate(after, schema)


def test_what_is_not_a_calibration_is_refused(schema: dict[str, Any]) -> None:
    wrong = Calibration().to_json_dict() | {"radius_px": -3.0}
    with pytest.raises(jsonschema.ValidationError, match="radius_px"):
        jsonschema.validate(wrong, schema)
    with pytest.raises(jsonschema.ValidationError, match="invented"):
        jsonschema.validate(Calibration().to_json_dict() | {"invented": 1}, schema)
