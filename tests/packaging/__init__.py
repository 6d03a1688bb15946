"""Wheel, sdist, environment and executable."""
