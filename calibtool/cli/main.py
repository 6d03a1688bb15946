"""Choose the window or a subcommand; turn errors into one line and an exit code."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from calibtool import __version__
from calibtool.errors import CalibtoolError

SUBCOMMANDS = {
    "fit": "find and fit the ring of one image",
    "batch": "process many images with one calibration",
    "demo": "a simulated AgBh image with a known answer",
    "detectors": "list the detectors",
    "calibrants": "list the calibrants",
}

USAGE = """\
calibtool: beam centre and pixel scale from the ring of a calibrant

usage: calibtool [IMAGE]                open the window
       calibtool SUBCOMMAND --help      say what a subcommand takes

subcommands:
{subcommands}

IMAGE may name a dataset: file.h5::/entry/data/data
options:
  -h, --help     this text
  --version      the version
  --self-test    check this installation with numbers
exit codes: 0 done; 1 the image has no answer; 2 bad input or usage
"""

Run = Callable[[Sequence[str]], int]


def run(arguments: Sequence[str]) -> int:
    """Run calibtool with command-line arguments and return the exit code."""
    try:
        return _chosen(arguments)(arguments[1:])
    except CalibtoolError as error:
        print(f"calibtool: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("calibtool: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _chosen(arguments: Sequence[str]) -> Run:
    first = arguments[0] if arguments else ""
    if first in SUBCOMMANDS:
        return _module(first)
    if first in ("-h", "--help"):
        return lambda _rest: _say(usage())
    if first == "--version":
        return lambda _rest: _say(f"calibtool {__version__}\n")
    if first == "--self-test":
        return _module("self_test")
    if len(arguments) > 1 or first.startswith("-"):
        return lambda _rest: _wrong(arguments)
    return lambda _rest: _window(first)


def _module(name: str) -> Run:
    run: Run = import_module(f"calibtool.cli.{name}").run
    return run


def usage() -> str:
    """Return the text of ``calibtool --help``."""
    lines = "\n".join(f"  {name:<12} {what}" for name, what in SUBCOMMANDS.items())
    return USAGE.format(subcommands=lines)


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
