"""The calibrant's lines matched to the rings that were seen."""
