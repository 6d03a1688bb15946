"""The parser of a subcommand's arguments, and the folder that they may name."""

import argparse
from pathlib import Path
from typing import NoReturn

from calibtool.cli.main import SUBCOMMANDS
from calibtool.errors import InputError


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as all other errors do."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError with argparse's reason and the way to the help."""
        raise InputError(f"{message.removeprefix('argument ')}; see '{self.prog} --help'.")


def parser(name: str, epilog: str = "") -> argparse.ArgumentParser:
    """Return the argument parser of a subcommand."""
    return Parser(
        prog=f"calibtool {name}",
        description=SUBCOMMANDS[name],
        epilog=epilog,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def make_folder(folder: Path) -> None:
    """Make a folder where there is none; InputError says why it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Cannot make the folder {folder}: {error.strerror}; choose another."
        ) from error
