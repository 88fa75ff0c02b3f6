"""How the C library hands out memory, where it can be told (glibc)."""

import ctypes

LARGE_BYTES = 1 << 20
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
"""Of glibc's malloc.h."""


def return_large_blocks() -> None:
    """Have large blocks given back to the system as soon as they are free.

    By itself the C library keeps blocks of some megabytes, such as large outputs and the messages made of them, for
    their like: the process stays as large as its largest moment, twice over in the heaps of its threads.
    """
    _set(_M_MMAP_THRESHOLD, LARGE_BYTES)


def share_heaps(heaps: int) -> None:
    """Have all threads share so many heaps; call before there are threads.

    By itself each thread has a heap of its own, up to eight for each core. What one thread allocates and another frees,
    as with messages that librdkafka's threads receive, is then kept many times over.
    """
    _set(_M_ARENA_MAX, heaps)


def _set(parameter: int, value: int) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(parameter, value)
