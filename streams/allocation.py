"""How the C library hands out memory."""

import ctypes

LARGE_BYTES = 1 << 20
_M_MMAP_THRESHOLD = -3
"""Of glibc's malloc.h."""


def return_large_blocks() -> None:
    """Have the C library give large blocks back to the system as soon as they are free, where it can be told (glibc).

    By itself it keeps blocks of some megabytes, such as large outputs and the messages made of them, for their like:
    the process stays as large as its largest moment, twice over in the heaps of its threads.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
