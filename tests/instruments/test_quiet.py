"""Asking pyFAI leaves no word on the terminal and its logger as it was."""

import logging
import subprocess
import sys
from pathlib import Path

from calibtool.quiet import quiet_libraries


def test_the_logger_is_as_before() -> None:
    logger = logging.getLogger("pyFAI")
    before = (logger.level, logger.propagate, logger.handlers[:], logger.disabled)
    with quiet_libraries():
        logging.getLogger("pyFAI.detectors").error("not to be seen")
    assert (logger.level, logger.propagate, logger.handlers[:], logger.disabled) == before


def test_a_fresh_table_and_mask_are_made_in_silence(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from calibtool.instruments import cache\n"
        f"cache.cache_folder = lambda: Path({str(tmp_path)!r})\n"
        "from calibtool.instruments.detector_masks import detector_mask\n"
        "assert detector_mask('Pilatus1M', (1043, 981)).sum() > 70_000\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("", "")
