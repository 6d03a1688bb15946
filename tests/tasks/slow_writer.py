"""A process that writes images as instruments do: slowly, in pieces, under names to be changed.

``python slow_writer.py SOURCE FOLDER``: every image of SOURCE appears in FOLDER.
"""

import sys
import time
from pathlib import Path

PIECES = 5
PAUSE_S = 0.06


def write_slowly(target: Path, content: bytes) -> None:
    step = -(-len(content) // PIECES)
    with target.open("wb") as stream:
        for begin in range(0, len(content), step):
            stream.write(content[begin : begin + step])
            stream.flush()
            time.sleep(PAUSE_S)


def main(source: Path, folder: Path) -> None:
    for number, path in enumerate(sorted(source.iterdir())):
        content = path.read_bytes()
        final = folder / path.name
        if number % 3 == 0:
            write_slowly(final, content)
        elif number % 3 == 1:
            write_slowly(folder / f"{path.name}.part", content)
            (folder / f"{path.name}.part").rename(final)
        else:  # a temporary name that looks like an image
            write_slowly(folder / f"tmp_{path.name}", content)
            (folder / f"tmp_{path.name}").rename(final)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
