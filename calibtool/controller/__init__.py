"""Each action of the user in a few lines."""
