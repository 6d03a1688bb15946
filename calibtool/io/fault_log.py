"""The log of faults of the program, which ``calibtool report-problem`` packs."""

import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from calibtool import __version__
from calibtool.places import user_folder

MOST_BYTES = 200_000


def fault_log() -> Path:
    """Where it is kept."""
    return user_folder("state") / "faults.log"


def keep_fault(error: BaseException) -> None:
    """Add a fault with its traceback; the latest are kept, and a full disk is no further fault."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    text = f"{now} calibtool {__version__}\n{''.join(traceback.format_exception(error))}\n"
    with suppress(OSError):
        log = fault_log()
        log.parent.mkdir(parents=True, exist_ok=True)
        before = log.read_bytes() if log.exists() else b""
        added = text.encode("utf-8", "backslashreplace")
        log.write_bytes((before + added)[-MOST_BYTES:])
