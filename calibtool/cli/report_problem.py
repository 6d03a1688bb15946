"""``calibtool report-problem``: what helps to find a fault, in one archive; no image unless asked.

Nothing is sent anywhere: the archive is a file that its maker can look into first.
"""

import argparse
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path

from calibtool.cli.options import check_outputs
from calibtool.cli.parser import parser
from calibtool.errors import InputError

EPILOG = """\
The archive has versions, what the self-test says, the log of faults, and your settings. Names of
files and folders are in settings and log. No image is in it unless --image names one.
"""


def options_parser() -> argparse.ArgumentParser:
    """Return the parser of this subcommand's arguments."""
    p = parser("report-problem", EPILOG)
    p.add_argument(
        "-o", "--output", metavar="FILE.zip", help="archive (default: its name has the time)"
    )
    p.add_argument("--image", metavar="FILE", action="append", help="put this image in, too")
    p.add_argument("--no-self-test", action="store_true", help="leave out the self-test")
    p.add_argument("--force", action="store_true", help="overwrite a file that exists")
    return p


def run(arguments: Sequence[str]) -> int:
    """Write the archive and say what is in it."""
    options = options_parser().parse_args(arguments)
    default = f"calibtool-report-{datetime.now():%Y%m%d-%H%M%S}.zip"
    output = default if options.output is None else options.output
    images = options.image or []
    check_outputs([output], inputs=images, force=options.force)
    for image in images:
        if not os.path.isfile(image):
            raise InputError(f"--image: there is no file {image}; check the name and the folder.")
    from calibtool.io.atomic import write_file

    parts = dict(_parts(images, self_test=not options.no_self_test))
    write_file(output, _packed(parts), force=options.force)
    print(f"written: {output}")
    for name, data in parts.items():
        print(f"  {name}  {len(data)} bytes")
    return 0


def _parts(images: Sequence[str], *, self_test: bool) -> Iterator[tuple[str, bytes]]:
    from calibtool.io.fault_log import fault_log
    from calibtool.io.preferences import preferences_file
    from calibtool.io.versions import versions

    yield "versions.txt", versions().encode()
    for name, path in (("preferences.json", preferences_file()), ("faults.log", fault_log())):
        if path.is_file():
            yield name, path.read_bytes()
    if self_test:
        yield "self-test.txt", _self_test().encode()
    for number, image in enumerate(images, 1):
        yield f"image {number}/{Path(image).name}", Path(image).read_bytes()


def _self_test() -> str:
    from calibtool.cli.self_test import run as test

    said = io.StringIO()
    with redirect_stdout(said):
        test(())
    return said.getvalue()


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()
