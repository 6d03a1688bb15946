"""How Sphinx makes the manual; ``make docs`` runs it."""

import sys
from pathlib import Path
from typing import Any

from docutils import nodes

sys.path[:0] = [str(Path(__file__).parent)]

import made  # noqa: E402

import calibtool  # noqa: E402

made.write_pages()
made.write_pictures()

project = "calibtool"
author = project_copyright = "the calibtool developers"
version = release = calibtool.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["made/*"]
html_theme = "furo"
html_title = f"calibtool {version}"
html_copy_source = html_show_sourcelink = False
html_static_path, html_css_files = ["static"], ["options.css"]
html_favicon = "../icons/app.ico"
autodoc_typehints = "none"
man_pages = [("command_line", "calibtool", "beam centre and pixel scale of a detector", "", 1)]


def _mark_options(_app: Any, tree: nodes.document) -> None:
    for literal in tree.findall(nodes.literal):
        if literal.astext().startswith("-"):
            literal["classes"].append("option")


def setup(app: Any) -> None:
    """Let options of the command line be told from other code."""
    app.connect("doctree-read", _mark_options)
