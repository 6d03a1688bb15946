"""Build the executable: ``python setup/build.py [--onefile]`` (``make exe``).

Makes ``dist/calibtool/``, checks that it has what is needed and is no larger than it may be, and
packs it as ``dist/calibtool-VERSION-SYSTEM-MACHINE.tar.xz`` (``.zip`` on Windows and macOS) with a
file of its SHA-256 beside it.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import elf
import trim

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "build" / "package"
DIST = ROOT / "dist"
PROGRAM = DIST / "calibtool"
MEGABYTE = 1e6


def main() -> int:
    """Build, check and pack; the exit code says whether all of it went well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--onefile", action="store_true", help="one file that unpacks itself")
    one_file = parser.parse_args().onefile
    start = time.perf_counter()
    install_package()
    run_pyinstaller(one_file)
    if one_file:
        print(f"calibtool: built {single_file()}, {size_of(single_file()):.0f} MB")
        return 0
    strip_symbols()
    add_desktop_files()
    archive = pack()
    complaints = find_faults(archive)
    print(f"calibtool: built {PROGRAM}, {folder_size():.0f} MB, in")
    print(f"  {archive}, {size_of(archive):.0f} MB ({time.perf_counter() - start:.0f} s)")
    for complaint in complaints:
        print(f"calibtool: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def install_package() -> None:
    """Install the checkout as a user would have it; PyInstaller cannot see editable installs."""
    # What setuptools left there from earlier sources would be installed along.
    for old in (PACKAGE, ROOT / "build" / "lib"):
        shutil.rmtree(old, ignore_errors=True)
    PACKAGE.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--target", PACKAGE]
    subprocess.run([*pip, *options, ROOT], check=True, cwd=PACKAGE)


def run_pyinstaller(one_file: bool) -> None:
    """Follow calibtool.spec."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    places = ["--distpath", DIST, "--workpath", ROOT / "build" / "pyinstaller"]
    environment = dict(os.environ) | ({"CALIBTOOL_ONEFILE": "1"} if one_file else {})
    for old in (PROGRAM, PROGRAM.with_suffix(".app"), PROGRAM.with_suffix(".exe")):
        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
    subprocess.run(
        [*command, *places, ROOT / "calibtool.spec"], check=True, cwd=ROOT, env=environment
    )


def strip_symbols() -> None:
    """Take the symbols out of the libraries, which often were shipped with them.

    Not in ``*.libs`` folders, and not where the stripped library would no longer load: those
    were patched by the builder of their wheel in a way that strip does not understand.
    """
    if sys.platform != "linux":
        return
    for path in libraries().rglob("*.so*"):
        if path.is_symlink() or path.relative_to(libraries()).parts[0].endswith(".libs"):
            continue
        stripped = path.with_name(path.name + ".stripped")
        subprocess.run(["strip", "--strip-unneeded", "-o", stripped, path], check=True)
        if elf.is_loadable(stripped):
            stripped.replace(path)
        else:
            stripped.unlink()


def add_desktop_files() -> None:
    """Lay the menu entry, the file types and the script that registers them beside the program."""
    if sys.platform != "linux":
        return
    for source in (ROOT / "setup" / "desktop").iterdir():
        shutil.copy(source, PROGRAM / source.name)
    shutil.copy(ROOT / "icons" / "app-256.png", PROGRAM / "calibtool.png")
    shutil.copy(ROOT / "LICENSE", PROGRAM / "LICENSE")


def pack() -> Path:
    """Pack the folder and write the archive's SHA-256 as ``sha256sum -c`` reads it."""
    version = subprocess.run(
        [sys.executable, "-c", "import calibtool; print(calibtool.__version__)"],
        cwd=PACKAGE, check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    system = f"{platform.system()}-{platform.machine()}".lower()
    archive = DIST / f"calibtool-{version}-{system}.tar.xz"
    if sys.platform == "win32":
        archive = archive.with_name(archive.name.replace(".tar.xz", ".zip"))
        shutil.make_archive(str(archive.with_suffix("")), "zip", DIST, PROGRAM.name)
    elif sys.platform == "darwin":
        archive = archive.with_name(archive.name.replace(".tar.xz", ".zip"))
        # Keeps the links and the attributes that an application needs.
        app = PROGRAM.with_suffix(".app")
        subprocess.run(["ditto", "-c", "-k", "--keepParent", app, archive], check=True)
    elif shutil.which("xz"):  # on all cores
        plain = archive.with_suffix("")
        with tarfile.open(plain, "w") as tar:
            tar.add(PROGRAM, arcname="calibtool")
        subprocess.run(["xz", "--force", "--threads=0", "-6", plain], check=True)
    else:
        with tarfile.open(archive, "w:xz", preset=6) as tar:
            tar.add(PROGRAM, arcname="calibtool")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(archive.name + ".sha256").write_text(
        f"{digest}  {archive.name}\n", encoding="utf-8", newline="\n"
    )
    return archive


def single_file() -> Path:
    """What ``--onefile`` makes, by its name on this system."""
    return PROGRAM.with_suffix(".exe") if sys.platform == "win32" else PROGRAM


def find_faults(archive: Path) -> list[str]:
    """Say what is missing in the folder or too large, each in one sentence."""
    names = [path.relative_to(libraries()).as_posix() for path in libraries().rglob("*")]
    faults = [f"the executable lacks {name}" for name in trim.missing(names)]
    if folder_size() > trim.LARGEST_FOLDER_MB:
        faults.append(
            f"the folder has {folder_size():.0f} MB and may have {trim.LARGEST_FOLDER_MB}; "
            f"the largest parts: {largest_parts()}"
        )
    if size_of(archive) > trim.LARGEST_ARCHIVE_MB:
        faults.append(
            f"the archive has {size_of(archive):.0f} MB and may have {trim.LARGEST_ARCHIVE_MB}; "
            f"the largest parts: {largest_parts()}"
        )
    return faults


def libraries() -> Path:
    """Folder of everything but the program itself."""
    return PROGRAM / "_internal"


def size_of(path: Path) -> float:
    """Size of a file, MB; a link has none of its own."""
    return 0.0 if path.is_symlink() else path.stat().st_size / MEGABYTE


def folder_size() -> float:
    """Size of the program's folder, MB."""
    return sum(size_of(path) for path in PROGRAM.rglob("*") if path.is_file())


def largest_parts(count: int = 12) -> str:
    """Name the largest packages and single files of the folder with their MB."""
    sizes: dict[str, float] = {}
    for path in libraries().rglob("*"):
        if path.is_file():
            top = path.relative_to(libraries()).parts[0]
            sizes[top] = sizes.get(top, 0.0) + size_of(path)
    ranked = sorted(sizes.items(), key=lambda item: -item[1])[:count]
    return ", ".join(f"{name} {size:.0f}" for name, size in ranked)


if __name__ == "__main__":
    sys.exit(main())
