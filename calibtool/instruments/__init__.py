"""Detectors and calibrants: a thin lazy layer on pyFAI."""
