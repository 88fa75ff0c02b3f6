"""What the C library does once it was told."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")

THREADS_THAT_ALLOCATE = """
import ctypes, sys, threading
from runtime.allocation import share_heaps

if len(sys.argv) > 1:
    share_heaps(int(sys.argv[1]))
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(6)

def allocate():
    together.wait()
    libc.malloc(100_000)
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
"""


def heaps(*arguments: str) -> int:
    argv = [sys.executable, "-c", THREADS_THAT_ALLOCATE, *arguments]
    return subprocess.run(argv, capture_output=True, check=True, text=True).stdout.count("<heap nr=")


def test_threads_share_as_many_heaps_as_they_are_given() -> None:
    assert heaps("2") == 2
    assert heaps() > 2
