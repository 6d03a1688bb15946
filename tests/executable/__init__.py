"""Checks of the built program; `make test-exe` runs them."""
