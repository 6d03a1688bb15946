"""The window is painted before numpy and Pillow are there."""

import subprocess
import sys

import pytest

PROBE = """
import sys
import {module}
print(*(name for name in ("numpy", "PIL", "scipy") if name in sys.modules))
"""


@pytest.mark.parametrize("name", ["image_canvas", "magnifier"])
def test_canvas_and_magnifier_load_nothing_heavy(name: str) -> None:
    probe = PROBE.format(module=f"calibtool.view.{name}")
    result = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr
