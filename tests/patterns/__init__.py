"""Simulated patterns with a known truth: geometry, lines, rings, detector, random scenes."""
