"""Whole rings in the image: refine a click, refine the ring, its order among others."""
