"""Geometry, ring finding and fitting, units and state: arrays in, frozen values out."""
