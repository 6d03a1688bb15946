"""``calibtool calibrants``: the calibrants there are and their d-spacings."""

import argparse
import json
import sys
from collections.abc import Sequence

from calibtool.cli.parser import parser


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("calibrants")
    p.add_argument("--json", action="store_true", help="print a JSON list")
    return p


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool calibrants``."""
    from calibtool.instruments.calibrants import calibrants

    options = options_parser().parse_args(arguments)
    rows = calibrants()
    if options.json:
        json.dump(
            [{"name": row.name, "d_nm": row.d_nm, "source": row.source} for row in rows],
            sys.stdout,
        )
        print()
        return 0
    for row in rows:
        first = ", ".join(f"{d:.5g}" for d in row.d_nm[:4])
        more = ", …" if len(row.d_nm) > 4 else ""
        print(f"{row.name:<28}{first}{more} nm   {row.source}")
    return 0
