# Placeholder targets; the set-up lives in tools of the Makefile.
