"""One thread for linear algebra: the matrices are small here, and threads for them only wait."""

SINGLE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables of the environment that say so, read when numpy is imported."""
