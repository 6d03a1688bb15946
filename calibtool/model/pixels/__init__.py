"""What counts: masks and corrections, value and variance of each pixel."""
