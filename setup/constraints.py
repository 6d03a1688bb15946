"""Write down which versions were tried: ``python setup/constraints.py [oldest]``.

Without a word: what pip takes today for this Python, into ``setup/constraints/X.Y.txt``
(``make constraints`` does it for every Python there is). With ``oldest``: the lowest versions that
``setup.cfg`` allows, on standard output.
"""

import configparser
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "setup" / "constraints"
WANTED = ".[test,bench,docs,exe,release,completion]"
OWN = ("calibtool", "pip")


def main() -> int:
    """Write the file, or the lowest versions."""
    if sys.argv[1:] == ["oldest"]:
        print("\n".join(lowest_versions()))
        return 0
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / "{}.{}.txt".format(*sys.version_info)
    target.write_text(as_text(resolved()), encoding="utf-8", newline="\n")
    print(f"calibtool: wrote {target.relative_to(ROOT)}")
    return 0


def resolved() -> dict[str, Any]:
    """What pip would install, as pip reports it; nothing is installed."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--dry-run", "--ignore-installed", "--report", "-"]
    done = subprocess.run(
        [*command, *options, WANTED], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def as_text(report: dict[str, Any]) -> str:
    """One line a package, ``name==version``."""
    found = {
        entry["metadata"]["name"].lower().replace("_", "-"): entry["metadata"]["version"]
        for entry in report["install"]
    }
    lines = [f"{name}=={found[name]}" for name in sorted(found) if name not in OWN]
    return "# Made by 'make constraints'.\n" + "\n".join(lines) + "\n"


def lowest_versions() -> list[str]:
    """The lower bounds of what calibtool itself needs."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = config["options"]["install_requires"].split()
    return [re.sub(r">=(\d+)$", r"==\1.0", line).replace(">=", "==") for line in wanted]


if __name__ == "__main__":
    sys.exit(main())
