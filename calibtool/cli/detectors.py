"""``calibtool detectors``: the detectors there are."""

import argparse
import json
import sys
from collections.abc import Sequence

from calibtool.cli.parser import parser


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("detectors")
    p.add_argument("words", nargs="*", metavar="WORD", help="only those whose names hold all words")
    p.add_argument("--json", action="store_true", help="print a JSON list")
    return p


def run(arguments: Sequence[str]) -> int:
    """Run ``calibtool detectors``."""
    from calibtool.instruments.cache import NO_PYFAI, has_pyfai
    from calibtool.instruments.detectors import find_detectors

    options = options_parser().parse_args(arguments)
    entries = find_detectors(" ".join(options.words))
    if not has_pyfai():
        print(f"calibtool: {NO_PYFAI}", file=sys.stderr)
    elif not entries:
        words = " ".join(options.words)
        print(f"calibtool: No detector's name holds '{words}'; try fewer words.", file=sys.stderr)
    if options.json:
        rows = [
            {
                "name": entry.name,
                "label": entry.label,
                "names": entry.names,
                "readouts": [
                    {"shape": [s.rows, s.columns], "pixel_size_mm": s.pixel_size_mm}
                    for s in entry.shapes
                ],
            }
            for entry in entries
        ]
        json.dump(rows, sys.stdout)
        print()
        return 0
    for entry in entries:
        first = entry.shapes[0] if entry.shapes else None
        shape = "any size" if first is None else f"{first.columns} × {first.rows}"
        size = "" if first is None or not first.pixel_size_mm else f"{first.pixel_size_mm:g} mm"
        print(f"{entry.name:<28}{entry.label:<32}{shape:<16}{size}")
    return 0
