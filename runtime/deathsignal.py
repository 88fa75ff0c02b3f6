"""Ties a child's life to its parent's, however the parent ends."""

import ctypes
import functools
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tie_to_this_process() -> Callable[[], None]:
    """Return a `preexec_fn` that has the kernel SIGKILL the child when this process dies.

    Linux ties the child to the *thread* that starts it, so start children from a thread that lives as long as the
    process. Elsewhere the function does nothing.
    """
    if sys.platform != "linux":
        return _nothing
    return functools.partial(_tie, ctypes.CDLL(None).prctl, os.getpid())


def _nothing() -> None:
    return


def _tie(prctl: Callable[[int, int], int], parent: int) -> None:
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before the kernel knew of the tie
        os._exit(1)
