"""The check of links sees what leads nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest


def check(docs: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, docs / "check_links.py", folder], capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("link", ["other.html", "index.html#nowhere", "x.png", "http://far.away"])
def test_a_link_that_leads_nowhere_is_named(docs: Path, tmp_path: Path, link: str) -> None:
    (tmp_path / "index.html").write_text(f'<a id="here" href="#here">a</a><img src="{link}">')
    done = check(docs, tmp_path)
    assert done.returncode == 1
    assert done.stdout == f"index.html: {link}\n"


def test_links_that_lead_somewhere_pass(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a id="here" href="b.html#there">a</a>')
    (tmp_path / "b.html").write_text('<a id="there" href="index.html?x=1#here">a</a>')
    assert check(docs, tmp_path).returncode == 0


def test_no_manual_is_no_good_manual(docs: Path, tmp_path: Path) -> None:
    assert check(docs, tmp_path / "none").returncode == 1
