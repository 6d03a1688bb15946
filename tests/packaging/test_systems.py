"""What is built on Windows and macOS, seen by standing in for PyInstaller and for the system."""

import os
import runpy
import sys
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Noted:
    """What the specification asks PyInstaller for."""

    def __init__(self) -> None:
        self.programs: dict[str, dict[str, Any]] = {}
        self.collected: list[Any] = []

    def exe(self, *_parts: Any, **options: Any) -> str:
        self.programs[options["name"]] = options
        return str(options["name"])

    def collect(self, *parts: Any, **_options: Any) -> str:
        self.collected = [part for part in parts if isinstance(part, str)]
        return "folder"


def follow_specification(patch: pytest.MonkeyPatch, system: str) -> Noted:
    """Run calibtool.spec as on a system."""
    hooks = types.ModuleType("PyInstaller.utils.hooks")
    hooks.collect_data_files = lambda *_a, **_k: []  # type: ignore[attr-defined]
    hooks.copy_metadata = lambda _name: []  # type: ignore[attr-defined]
    info = types.ModuleType("PyInstaller.utils.win32.versioninfo")
    info.__getattr__ = lambda _name: lambda *_a, **_k: None  # type: ignore[method-assign]
    win32 = types.ModuleType("PyInstaller.utils.win32")
    win32.versioninfo = info  # type: ignore[attr-defined]
    for module in (hooks, info, win32):
        patch.setitem(sys.modules, module.__name__, module)
    for name in ("PyInstaller", "PyInstaller.utils"):
        patch.setitem(sys.modules, name, types.ModuleType(name))
    patch.setattr(sys, "path", [str(ROOT / "setup"), *sys.path])
    patch.setattr(sys, "platform", system)
    patch.delenv("CALIBTOOL_ONEFILE", raising=False)
    noted = Noted()
    empty = types.SimpleNamespace(binaries=[], datas=[], scripts=[], pure=[])
    runpy.run_path(
        str(ROOT / "calibtool.spec"),
        {
            "SPECPATH": str(ROOT), "Analysis": lambda *_a, **_k: empty, "PYZ": lambda _pure: "pyz",
            "EXE": noted.exe, "COLLECT": noted.collect, "BUNDLE": lambda *_a, **_k: None,
        },
    )  # fmt: skip
    return noted


@pytest.mark.parametrize(
    ("system", "consoles"),
    [
        ("linux", {"calibtool": True}),
        ("darwin", {"calibtool": False}),
        ("win32", {"calibtool": False, "calibtool-cli": True}),
    ],
)
def test_the_window_has_no_console_but_the_command_line_has_one(
    monkeypatch: pytest.MonkeyPatch, system: str, consoles: dict[str, bool]
) -> None:
    noted = follow_specification(monkeypatch, system)
    assert {name: options["console"] for name, options in noted.programs.items()} == consoles
    assert noted.collected == list(consoles)
    assert not any(options["argv_emulation"] for options in noted.programs.values())


def test_windows_libraries_without_use_stay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "setup")
    import trim

    assert all(trim.is_dropped(name) for name in ("_ssl.pyd", "_sqlite3.pyd", "_hashlib.pyd"))
    assert not trim.is_dropped("_tkinter.pyd")


def test_the_archive_of_windows_is_a_zip_whose_sum_every_tool_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(ROOT / "setup")
    import build

    program = tmp_path / "calibtool"
    program.mkdir()
    (program / "calibtool.exe").write_bytes(b"MZ")
    monkeypatch.setattr(build, "DIST", tmp_path)
    monkeypatch.setattr(build, "PROGRAM", program)
    monkeypatch.setattr(build, "PACKAGE", ROOT)
    monkeypatch.setattr(build.sys, "platform", "win32")
    monkeypatch.setattr(os, "linesep", "\r\n")
    archive = build.pack()
    assert archive.suffix == ".zip"
    total = archive.with_name(archive.name + ".sha256").read_bytes()
    assert total.endswith(f"  {archive.name}\n".encode())
    assert b"\r" not in total
    assert build.single_file() == tmp_path / "calibtool.exe"


def test_the_archive_of_a_mac_has_the_application_and_not_its_bare_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(ROOT / "setup")
    import build

    run, told = build.subprocess.run, []

    def pack(command: list[Any], **options: Any) -> Any:
        if command[0] != "ditto":
            return run(command, **options)
        told.append(command)
        return Path(command[-1]).write_bytes(b"PK")

    monkeypatch.setattr(build, "DIST", tmp_path)
    monkeypatch.setattr(build, "PROGRAM", tmp_path / "calibtool")
    monkeypatch.setattr(build, "PACKAGE", ROOT)
    monkeypatch.setattr(build.sys, "platform", "darwin")
    monkeypatch.setattr(build.subprocess, "run", pack)
    archive = build.pack()
    assert archive.suffix == ".zip"
    assert told == [["ditto", "-c", "-k", "--keepParent", tmp_path / "calibtool.app", archive]]
