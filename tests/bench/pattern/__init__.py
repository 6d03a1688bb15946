"""Parts of the benchmark of whole patterns."""
