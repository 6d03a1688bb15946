"""The set-up script, tried on imitated machines: a PATH that holds only what the test puts there.

The Python of these machines is a shell script that notes how it was called; the real one is
tried whenever the tests themselves are set up.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["sh", "bash", "cat", "chmod", "cksum", "cp", "dirname", "env", "head", "mkdir", "mktemp"]
TOOLS += ["rm", "touch"]

# Has Tk if the file "tk" lies beside it; makes an environment by copying itself.
PYTHON = """#!/bin/sh
bin=$(dirname "$0")
programs=bin
[ "${OS:-}" != Windows_NT ] || programs=Scripts
[ -e "$bin/tk" ] || [ "$bin" = ".venv/$programs" ] || exit 1
case $2 in *print*sys.version_info*) echo 3.12; exit ;; esac
echo "python $*" >> "$CALLS"
if [ "$2" = venv ]; then mkdir -p ".venv/$programs"; cp "$0" ".venv/$programs/python"; fi
if [ "$2" = pip ] && [ -n "${NO_NETWORK:-}" ]; then exit 1; fi
exit 0
"""
APT_INSTALLS_TK = """#!/bin/sh
echo "apt-get $*" >> "$CALLS"
touch "$(dirname "$0")/tk"
"""
APT_NEEDS_UPDATE = """#!/bin/sh
echo "apt-get $*" >> "$CALLS"
here=$(dirname "$0")
if [ "$1" = update ]; then touch "$here/lists"; exit; fi
if [ ! -e "$here/lists" ]; then echo "Unable to locate package" >&2; exit 100; fi
touch "$here/tk"
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the set-up script is for POSIX shells")


@dataclass(frozen=True)
class Machine:
    """An imitated machine: its programs (``bin``) and a checkout on it."""

    bin: Path
    checkout: Path

    def has(self, name: str, script: str) -> "Machine":
        path = self.bin / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
        return self

    def is_system(self, name: str, user: int = 0) -> "Machine":
        return self.has("uname", f"#!/bin/sh\necho {name}\n").has("id", f"#!/bin/sh\necho {user}\n")

    def set_up(self, job: str = "run", **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "CALLS": str(self.bin / "calls")} | variables
        environment.setdefault("PYTHON", str(self.bin / "python3"))
        command = [self.bin / "sh", self.checkout / "setup" / "environment.sh", job]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    def calls(self, program: str) -> list[str]:
        lines = (self.bin / "calls").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(program)]

    def pip_runs(self) -> int:
        return sum(" pip install " in line for line in self.calls("python"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Linux machine, user root, with a Python that has no Tk and no package manager."""
    made = Machine(tmp_path / "bin", tmp_path / "a check out")
    made.bin.mkdir()
    (made.bin / "calls").touch()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (made.bin / tool).symlink_to(found)
    (made.checkout / "setup").mkdir(parents=True)
    for name in ("setup/environment.sh", "setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, made.checkout / name)
    return made.is_system("Linux").has("python3", PYTHON)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """The same machine with a good Python, set up once."""
    (machine.bin / "tk").touch()
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert machine.pip_runs() == 1
    return machine


def test_the_second_time_nothing_is_installed(ready: Machine) -> None:
    done = ready.set_up()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert ready.pip_runs() == 1


def test_changed_dependencies_are_installed_into_the_same_environment(ready: Machine) -> None:
    with (ready.checkout / "setup.cfg").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert ready.set_up().returncode == 0
    assert ready.pip_runs() == 2
    assert sum(" venv " in line for line in ready.calls("python")) == 1


def test_what_the_tests_need_is_added_once_and_serves_run_too(ready: Machine) -> None:
    ready.has("Xvfb", "#!/bin/sh\n")
    for job in ("test", "run", "test"):
        assert ready.set_up(job).returncode == 0
    assert [line.rsplit(maxsplit=1)[-1] for line in ready.calls("python") if "install" in line] == [
        ".",
        ".[test]",
    ]


def test_the_versions_that_were_tried_are_installed(ready: Machine) -> None:
    tested = ready.checkout / "setup" / "constraints" / "3.12.txt"
    tested.parent.mkdir()
    tested.write_text("numpy==2.0\n")
    assert ready.set_up().returncode == 0
    assert ready.pip_runs() == 2
    assert "--constraint .venv/constraints.txt" in ready.calls("python")[-1]
    kept = ready.checkout / ".venv" / "constraints.txt"
    assert kept.read_text() == "numpy==2.0\n"
    assert ready.set_up(VERSIONS="newest").returncode == 0
    assert kept.read_text() == ""


def test_on_windows_the_programs_are_in_another_folder(machine: Machine) -> None:
    (machine.bin / "tk").touch()
    for _again in range(2):
        done = machine.set_up(OS="Windows_NT")
        assert done.returncode == 0, done.stderr
    assert (machine.checkout / ".venv" / "Scripts" / "python").exists()
    assert machine.pip_runs() == 1


@pytest.mark.parametrize("damage", ["half made", "moved"])
def test_a_half_made_or_moved_environment_is_made_again(ready: Machine, damage: str) -> None:
    checkout = ready.checkout
    if damage == "half made":
        (checkout / ".venv" / "bin" / "python").unlink()
    else:
        checkout = checkout.rename(checkout.with_name("elsewhere"))
    moved = Machine(ready.bin, checkout)
    assert moved.set_up().returncode == 0
    assert sum(" venv " in line for line in moved.calls("python")) == 2
    assert moved.pip_runs() == 2


def test_debian_as_root_installs_tk_without_an_update(machine: Machine) -> None:
    machine.has("apt-get", APT_INSTALLS_TK)
    assert machine.set_up().returncode == 0
    [call] = machine.calls("apt-get")
    assert call.endswith("python3 python3-tk python3-venv")


def test_debian_updates_its_lists_only_when_the_install_fails(machine: Machine) -> None:
    machine.has("apt-get", APT_NEEDS_UPDATE)
    done = machine.set_up()
    assert done.returncode == 0
    assert "Unable to locate" not in done.stderr
    steps = [line.split()[1] for line in machine.calls("apt-get")]
    assert steps == ["install", "update", "install"]


def test_sudo_is_used_where_it_asks_no_password(machine: Machine) -> None:
    machine.is_system("Linux", user=1000).has("apt-get", APT_INSTALLS_TK)
    machine.has("true", "#!/bin/sh\n")
    machine.has("sudo", '#!/bin/sh\necho "sudo $*" >> "$CALLS"\nshift\n"$@"\n')
    assert machine.set_up().returncode == 0
    assert len(machine.calls("apt-get")) == 1
    assert all(" -n " in line for line in machine.calls("sudo"))


def debian(machine: Machine) -> None:
    machine.is_system("Linux", user=1000).has("apt-get", APT_INSTALLS_TK)
    machine.has("sudo", "#!/bin/sh\nexit 1\n")


def fedora(machine: Machine) -> None:
    machine.has("dnf", "#!/bin/sh\n")


def macos(machine: Machine) -> None:
    machine.is_system("Darwin", user=501)


def windows(machine: Machine) -> None:
    machine.is_system("MINGW64_NT-10.0", user=197609)


@pytest.mark.parametrize(
    ("system", "command"),
    [
        (debian, "'sudo apt install python3 python3-tk python3-venv'"),
        (fedora, "'sudo dnf install python3 python3-tkinter'"),
        (macos, "'brew install python-tk'"),
        (windows, "'winget install Python.Python.3.13'"),
    ],
)
def test_elsewhere_one_sentence_says_what_to_type(
    machine: Machine, system: Callable[[Machine], None], command: str
) -> None:
    system(machine)
    done = machine.set_up()
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert command in sentence
    assert not machine.calls("apt-get")
    assert not (machine.checkout / ".venv").exists()


def test_without_xvfb_the_tests_are_set_up_and_the_gap_is_named(ready: Machine) -> None:
    done = ready.set_up("test")
    assert done.returncode == 0
    assert "tests of the window are skipped" in done.stdout
    assert "'sudo apt install xvfb'" in done.stdout


def test_a_display_needs_no_xvfb(ready: Machine) -> None:
    assert "Xvfb" not in ready.set_up("test", DISPLAY=":0").stdout


def test_a_failed_install_is_said_and_tried_again(ready: Machine) -> None:
    failed = ready.set_up("bench", DISPLAY=":0", NO_NETWORK="1")
    assert failed.returncode == 1
    assert "pip could not install" in failed.stderr
    assert ready.set_up("bench", DISPLAY=":0").returncode == 0
    assert ready.pip_runs() == 3


def test_an_unknown_job_is_refused(machine: Machine) -> None:
    assert machine.set_up("dance").returncode == 2
