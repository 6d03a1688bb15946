"""Ctrl-C before there is anything to finish: one line, whatever was being imported."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv = ["calibtool", *{arguments!r}]
from calibtool.__main__ import main
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to send")
@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("calibtool.cli.main", ["fit", "none.tif"]),
        ("numpy", ["fit", "none.tif"]),
        ("calibtool.tasks.series", ["batch", "none.tif"]),
    ],
)
def test_ctrl_c_during_an_import_is_one_line(module: str, arguments: list[str]) -> None:
    program = PROGRAM.format(module=module, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    assert done.stderr == "calibtool: stopped\n"
    assert done.returncode == 130
