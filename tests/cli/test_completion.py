"""Completion knows every subcommand and option; the real bash takes it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calibtool.cli.completion import SHELLS
from calibtool.cli.main import SUBCOMMANDS, run


@pytest.mark.parametrize("shell", SHELLS)
def test_every_subcommand_is_offered(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in SUBCOMMANDS)
    assert "pixel-size" in script


def test_bash_completes_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    assert run(["completion", "bash"]) == 0
    script = tmp_path / "calibtool.bash"
    script.write_text(capsys.readouterr().out, encoding="utf-8")
    asks = (
        f"source {script}; COMP_WORDS=(calibtool fit --pix); COMP_CWORD=2; "
        "_shtab_calibtool; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run([bash, "-c", asks], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["--pixel-size"]


def test_without_shtab_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert run(["completion", "bash"]) == 2
    assert "pip install shtab" in capsys.readouterr().err
