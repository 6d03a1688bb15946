"""What the user has set up, marked and fitted, and the steps from one such state to the next."""
