"""What the service runs, one can run by hand: every command of a workflow is a target of make."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RUN = re.compile(r"^ *(?:- )?run: *(.*)$", re.MULTILINE)


def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_is_a_target_of_make(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # The default shell of the jobs is under a key of the same name, without a command.
    commands = [command for command in RUN.findall(text) if command]
    assert commands
    for command in commands:
        words = command.split()
        assert words[0] == "make"
        assert words[1] in targets(), command


def test_each_supported_python_and_system_is_tried() -> None:
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert all(f'"3.{minor}"' in text for minor in (11, 12, 13, 14))
    assert all(system in text for system in ("ubuntu", "windows", "macos"))
