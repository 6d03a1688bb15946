"""The first look: from an image with no click to a centre and the rings seen around it."""
