"""How Sphinx makes the manual; ``make docs`` runs it."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent)]

import made  # noqa: E402

import calibtool  # noqa: E402

made.write_pages()
made.write_pictures()

project = "calibtool"
author = "the calibtool developers"
version = release = calibtool.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["made/*"]
html_theme = "furo"
html_title = f"calibtool {version}"
html_copy_source = html_show_sourcelink = False
html_favicon = "../icons/app.ico"
autodoc_typehints = "none"
man_pages = [("command_line", "calibtool", "beam centre and pixel scale of a detector", "", 1)]
