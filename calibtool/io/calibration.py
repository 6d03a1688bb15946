"""A calibration as it is saved, and read from any of the kinds of files there are."""

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibtool.errors import InputError
from calibtool.io import calibration_json
from calibtool.io.atomic import write_file
from calibtool.io.calibration_data import CalibrationData

_LARGEST = 50_000_000
_PICKLE = b"\x80"


@dataclass(frozen=True)
class Calibration(CalibrationData):
    """A calibration: all that `CalibrationData` names, saved and loaded."""

    def to_json_dict(self) -> dict[str, Any]:
        """Plain values, as in the file and in ``--json``; NaN and infinity become None."""
        return calibration_json.to_json_dict(self)

    def save(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write the calibration as JSON and read it back.

        Raises
        ------
        InputError
            Where the file exists and ``force`` is not given, or cannot be written.
        """

        def verify(data: bytes) -> None:
            back = calibration_json.parse(data.decode("utf-8"), str(path))
            if calibration_json.to_json_dict(back) != self.to_json_dict():
                raise InputError(f"Cannot write {path}: it did not come back as it was saved.")

        write_file(path, calibration_json.dump(self), force=force, verify=verify)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Calibration":
        """Read a calibration: of calibtool, a ``.poni``, of MuscleX, or numbers of Fit2D.

        Which kind it is, its content says.

        Raises
        ------
        InputError
            Where the file is missing, damaged or something else; names file and reason.
        """
        data = _read(path)
        return cls(**{item.name: getattr(data, item.name) for item in dataclasses.fields(data)})


def _read(path: str | os.PathLike[str]) -> CalibrationData:
    name, content = os.fspath(path).lower(), _content(path)
    if name.endswith(".info") or content.startswith(_PICKLE):
        from calibtool.io.musclex import parse_musclex

        return parse_musclex(content, str(path))
    text = _text(path, content)
    if name.endswith(".poni") or "\nponi1:" in text.lower():
        from calibtool.io.poni import calibration_of_poni, parse_poni

        return calibration_of_poni(parse_poni(text, str(path)))
    from calibtool.io.fit2d import is_fit2d, parse_fit2d

    if is_fit2d(text):
        return parse_fit2d(text, str(path))
    return calibration_json.parse(text, str(path))


def _content(path: str | os.PathLike[str]) -> bytes:
    try:
        if os.path.isfile(path) and os.path.getsize(path) > _LARGEST:
            raise InputError(f"{path} is not a calibration: it is too long; choose another file.")
        return Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"Cannot read {path}: {reason}; choose another file.") from error


def _text(path: str | os.PathLike[str], content: bytes) -> str:
    if b"\0" in content:
        raise InputError(
            f"{path} is not a calibration: it is not a text file; choose another file."
        )
    if not content.strip():
        raise InputError(f"{path} is not a calibration: the file is empty; choose another file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Remarks and paths may be in the letters of the computer that wrote them.
        return content.decode("latin-1")
