"""``calibtool completion``: what lets a shell complete commands and options, by shtab."""

import argparse
from collections.abc import Sequence
from importlib import import_module

from calibtool.cli.main import SUBCOMMANDS, TOP_OPTIONS
from calibtool.cli.parser import parser
from calibtool.errors import InputError

SHELLS = ("bash", "zsh", "fish")
EPILOG = """\
bash: calibtool completion bash > ~/.local/share/bash-completion/completions/calibtool
zsh:  calibtool completion zsh > _calibtool, in a folder of $fpath
fish: calibtool completion fish > ~/.config/fish/completions/calibtool.fish
"""


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("completion", EPILOG)
    p.add_argument("shell", choices=SHELLS, help="which shell")
    return p


def run(arguments: Sequence[str]) -> int:
    """Print the script of a shell."""
    shell = options_parser().parse_args(arguments).shell
    try:
        import shtab
    except ImportError as error:
        raise InputError(
            "The completion of shells needs shtab, which is not installed; install it (pip "
            "install shtab)."
        ) from error
    print(shtab.complete(whole_parser(), shell))
    return 0


def whole_parser() -> argparse.ArgumentParser:
    """All subcommands in one parser, as shtab wants them; it parses nothing."""
    import shtab

    whole = argparse.ArgumentParser("calibtool", add_help=False)
    for name, about in TOP_OPTIONS:
        whole.add_argument(name, action="store_true", help=about)
    within = whole.add_subparsers()
    for name, about in SUBCOMMANDS.items():
        module = import_module(f"calibtool.cli.{name.replace('-', '_')}")
        own = within.add_parser(
            name, parents=[module.options_parser()], add_help=False, help=about
        )
        for action in own._actions:
            if action.nargs != 0 and action.choices is None:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    return whole
