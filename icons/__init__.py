"""The pictures of the window, shipped as ``calibtool.icons``."""
