"""The circle through marked points: guesses, search, rejection, least squares, checks."""
