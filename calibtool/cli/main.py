"""Choose the window or a subcommand; turn errors into one line and an exit code."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper

from calibtool.cli.stopping import Stopped
from calibtool.errors import CalibtoolError

SUBCOMMANDS = {
    "fit": "find and fit the ring of one image",
    "batch": "process many images with one calibration",
    "demo": "simulated images with a known answer, to practise on",
    "detectors": "list the detectors",
    "calibrants": "list the calibrants",
    "report-problem": "pack versions, settings and what went wrong into an archive",
    "completion": "print what lets the shell complete commands and options",
}
TOP_OPTIONS = (
    ("--help", "this text"),
    ("--version", "the version, and those of what it uses"),
    ("--self-test", "check this installation with numbers"),
)

USAGE = """\
calibtool: beam centre and pixel scale from the ring of a calibrant

usage: calibtool [IMAGE]                open the window
       calibtool SUBCOMMAND --help      say what a subcommand takes

subcommands:
{subcommands}

IMAGE may name a dataset: file.h5::/entry/data/data
options:
{options}
exit codes: 0 done; 1 the image has no answer; 2 bad input or usage
"""

DEBUG = "CALIBTOOL_DEBUG"
"""Environment variable: where it is set, a fault of the program shows where it happened."""

Run = Callable[[Sequence[str]], int]


def run(arguments: Sequence[str]) -> int:
    """Run calibtool with command-line arguments and return the exit code."""
    _make_writable()
    try:
        return _chosen(arguments)(arguments[1:])
    except CalibtoolError as error:
        _failed(str(error))
        return error.exit_code
    except KeyboardInterrupt as stop:
        stopped = stop if isinstance(stop, Stopped) else Stopped()
        print(stopped.line, file=sys.stderr)
        return stopped.exit_code
    except OSError as error:
        if not _is_closed_pipe(error):
            return _failed(_reason(error))
        # Whoever reads has had enough; nothing may be flushed into the closed pipe at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get(DEBUG) and not isinstance(error, MemoryError):
            raise
        if _is_fault(error):
            from calibtool.io.fault_log import keep_fault

            keep_fault(error)
        return _failed(_reason(error))


def _is_fault(error: Exception) -> bool:
    """Whether it is the program's own."""
    return not isinstance(error, ModuleNotFoundError | MemoryError)


def _is_closed_pipe(error: OSError) -> bool:
    """Whether who reads standard output has gone; Windows calls that an invalid argument."""
    invalid = error.errno == errno.EINVAL and error.filename is None and sys.platform == "win32"
    return isinstance(error, BrokenPipeError) or invalid


def _reason(error: Exception) -> str:
    """What to say of an error that no part of the program has put into words."""
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        return (
            f"The Python package {package}, which calibtool needs, is not installed; install "
            f"calibtool again, or this package (pip install {package})."
        )
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{reason}; check the file, its folder and the room on the disk."
    if isinstance(error, MemoryError):
        return "The memory is not enough for this image; close other programs."
    return (
        f"A fault inside calibtool ({type(error).__name__}: {error}); nothing was lost. Please "
        "report it, with what 'calibtool report-problem' packs."
    )


def _make_writable() -> None:
    """Let no character stop the output: one that a stream cannot hold becomes a question mark."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        # What is printed to no stream would land on standard output.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        chosen = os.environ.get("PYTHONIOENCODING") or sys.stdout.isatty()
        # What is kept in a file must name every file and sign, whatever the system's letters are.
        sys.stdout.reconfigure(encoding=None if chosen else "utf-8", errors="replace")


def _failed(sentence: str) -> int:
    """Say it in one line, also where a file's name has several."""
    with suppress(OSError, ValueError):
        line = sentence.replace("\r", "\\r").replace("\n", "\\n")
        print(f"calibtool: {line}", file=sys.stderr)
    return 2


def _chosen(arguments: Sequence[str]) -> Run:
    first = arguments[0] if arguments else ""
    if first in SUBCOMMANDS:
        return _module(first)
    if first in ("-h", "--help"):
        return lambda _rest: _say(usage())
    if first == "--version":
        return lambda _rest: _say(_versions())
    if first == "--self-test":
        return _module("self_test")
    if len(arguments) > 1 or first.startswith("-"):
        return lambda _rest: _wrong(arguments)
    return lambda _rest: _window(first)


def _module(name: str) -> Run:
    run: Run = import_module(f"calibtool.cli.{name.replace('-', '_')}").run
    return run


def _versions() -> str:
    from calibtool.io.versions import versions

    return versions()


def usage() -> str:
    """Return the text of ``calibtool --help``."""
    lines = "\n".join(f"  {name:<15} {what}" for name, what in SUBCOMMANDS.items())
    options = "\n".join(f"  {name:<15} {what}" for name, what in TOP_OPTIONS)
    return USAGE.format(subcommands=lines, options=options)


def _say(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _wrong(arguments: Sequence[str]) -> int:
    print(
        f"calibtool: cannot make sense of '{' '.join(arguments)}'; give one image, or a "
        f"subcommand ({', '.join(SUBCOMMANDS)}), or --help.",
        file=sys.stderr,
    )
    return 2


def _window(image: str) -> int:
    try:
        from calibtool.app import run
    except ImportError as error:
        if error.name not in ("tkinter", "_tkinter"):
            raise
        print(
            "calibtool: this Python has no tkinter, which the window needs; install it (Debian: "
            "apt install python3-tk; Fedora: dnf install python3-tkinter), or use "
            "'calibtool fit IMAGE'.",
            file=sys.stderr,
        )
        return 2
    return run(image)
