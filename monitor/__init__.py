"""Watches syndicated news and says which copies are bad, and why."""

import os

__version__ = "0.1.0"

# Before numpy is first imported, which reads it then: the matrices of one article are so small that OpenBLAS's threads
# wait longer for each other than they work, 1.9 ms of CPU an article instead of 0.5 on two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
