"""The window: draws scenes, turns events of the toolkit into plain values."""
