"""The shell of the window is painted before any heavy package is imported."""

import json
import subprocess
import sys

HEAVY = (
    "numpy", "PIL", "scipy", "fabio", "pyFAI", "matplotlib", "h5py", "inspect", "logging",
    "argparse",
)
PROGRAM = f"""
import json, sys, tkinter as tk
import calibtool.app, calibtool.cli.main
from calibtool.view.window import Window
root = tk.Tk()
window = Window(root)
root.update()
painted = root.winfo_viewable() and root.winfo_width() > 400
print(json.dumps([bool(painted), [name for name in {HEAVY!r} if name in sys.modules]]))
root.destroy()
"""


def test_nothing_heavy_is_imported_before_the_first_paint(display: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(run.stdout) == [True, []]
