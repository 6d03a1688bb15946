"""Image files that are not HDF5: all formats of fabio, and pictures through Pillow."""

import bz2
import contextlib
import gzip
import io
import logging
import zlib
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from calibtool.io.raw_frame import NoKnownFormatError, RawFrame, UnreadableError, check_frame
from calibtool.io.tiff import TIFF_MAGIC, check_tiff_directories, marccd_header
from calibtool.quiet import quiet_libraries

_PILLOW_MAGIC = (b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"RIFF")
_PACKERS: tuple[tuple[bytes, Any], ...] = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open))
# fabio unpacks TIFF's PackBits wrongly for pixels of more than a byte.
_PACKBITS = "32773"
_UNKNOWN = "it is not an image of a known format"
_CBF_MAGIC = b"###CBF"
_CBF_SECTION = b"--CIF-BINARY-FORMAT-SECTION--"
_CBF_DATA_MARK = b"\x0c\x1a\x04\xd5"


def read_flat_file(path: Path, frame: int) -> RawFrame:
    """Read one frame of a file that fabio or Pillow knows.

    Parameters
    ----------
    path : Path
        An existing file, also compressed by gzip or bzip2.
    frame : int
        Number of the frame, from 0.

    Raises
    ------
    UnreadableError
        With the reason, where the file is damaged or is not an image.
    """
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(_PILLOW_MAGIC):
        return _read_with_pillow(path, frame)
    _check_whole(path, start)
    return _read_with_fabio(path, frame)


def _check_whole(path: Path, start: bytes) -> None:
    """Find out what readers do not: a packed file cut short, a CBF without its pixels, and such.

    Where they are missing, fabio would look for the next directory or the mark for ever.
    """
    if start.startswith(TIFF_MAGIC):
        with path.open("rb") as stream:
            check_tiff_directories(stream)
    # A file of no known magic is read by what its name says.
    cbf = start.startswith(_CBF_MAGIC) or ".cbf" in path.suffixes[-2:]
    if _opener(start) is None and not cbf:
        return
    try:
        with (_opener(start) or open)(path, "rb") as stream:
            content = stream.read()
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableError("the compressed file is truncated or damaged") from error
    if content.startswith(TIFF_MAGIC):
        check_tiff_directories(io.BytesIO(content))
    if cbf or content.startswith(_CBF_MAGIC):
        section = content.find(_CBF_SECTION)
        if section < 0 or content.find(_CBF_DATA_MARK, section) < 0:
            raise UnreadableError("the file ends before its pixels (truncated or damaged)")


def _opener(start: bytes) -> Any:
    """What unpacks a file with this start, None where it is not packed."""
    return next((open_ for magic, open_ in _PACKERS if start.startswith(magic)), None)


def _read_with_fabio(path: Path, frame: int) -> RawFrame:
    import fabio

    with quiet_libraries() as log:
        try:
            with fabio.open(str(path)) as file:
                n_frames = max(1, int(file.nframes))
                # Through Pillow fabio makes zeros of what cannot be decoded, without a word.
                if getattr(file, "lib", None) == "PIL":
                    return replace(
                        _read_with_pillow(path, frame),
                        header={**_strings(file.header), **marccd_header(path)},
                    )
                check_frame(frame, n_frames)
                chosen = file.getframe(frame) if n_frames > 1 else file
                data = chosen.data
                header = {**_strings(chosen.header), **marccd_header(path)}
        except UnreadableError:
            raise
        except MemoryError:
            raise UnreadableError("its header asks for more memory than there is") from None
        except Exception as error:
            reason = _reason(error, log)
            kind = NoKnownFormatError if reason == _UNKNOWN else UnreadableError
            raise kind(reason) from error
    complaints = [record.getMessage() for record in log if record.levelno >= logging.ERROR]
    if header.get("compression_type") == _PACKBITS:
        return replace(_read_with_pillow(path, frame), header=header)
    if data is None or complaints:
        raise UnreadableError(_plain(" ".join(complaints)))
    return RawFrame(data=data, header=header, n_frames=n_frames)


def _strings(header: Any) -> dict[str, str]:
    return {str(key): str(value).strip() for key, value in (header or {}).items()}


def _reason(error: Exception, log: list[logging.LogRecord]) -> str:
    texts = [record.getMessage() for record in log] + [str(error)]
    return _plain(" ".join(texts))


def _plain(text: str) -> str:
    """Say in our words what a reader said about a file."""
    lower = text.lower()
    if "could not identify" in lower or "can't be read as format" in lower:
        return _UNKNOWN
    if "checksum" in lower:
        return "its checksum is wrong, so the file is truncated or damaged"
    signs = ("truncated", "incomplete", "reshape", "buffer", "read all data", "size spec", "eof")
    if any(sign in lower for sign in signs):
        return "the file ends before all its pixels are read (truncated or damaged)"
    return "it is not an image of a known format, or it is damaged"


def _read_with_pillow(path: Path, frame: int) -> RawFrame:
    import numpy as np
    from PIL import Image as Picture

    with quiet_libraries():
        try:
            with _unpacked(path) as stream, Picture.open(stream) as picture:
                n_frames = int(getattr(picture, "n_frames", 1))
                check_frame(frame, n_frames)
                with contextlib.suppress(EOFError):
                    picture.seek(frame)
                plain = picture if picture.mode in _GREY_MODES else picture.convert("RGB")
                data = np.array(plain)
                header = {"format": str(picture.format), "mode": str(picture.mode)}
        except UnreadableError:
            raise
        except Exception as error:
            raise UnreadableError(_plain(str(error))) from error
    return RawFrame(data=data, header=header, n_frames=n_frames)


def _unpacked(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        opener = _opener(file.read(16))
    unpacked: IO[bytes] = (opener or open)(path, "rb")
    return unpacked


_GREY_MODES = ("1", "L", "I", "F", "I;16", "I;16B", "I;16L")
