"""The geometry of whole patterns."""
