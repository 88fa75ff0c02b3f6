"""One agent a spool folder: two would run every watched command twice.

Others may share the folder with it: `netcopilot exec` and `produce` are no agents.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from producers.errors import SpoolUnusableError
from producers.spool.filelock import TryLock


@contextmanager
def only_agent(spool_dir: Path) -> Iterator[None]:
    """Be the folder's agent for the block; the kernel ends that with the process, however it ends.

    Raises:
        SpoolUnusableError: another agent runs, or the folder cannot be used.

    """
    lock = TryLock(spool_dir / "agent.lock")
    try:
        spool_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_ours = lock.acquire()
    except OSError as error:
        raise SpoolUnusableError(
            f"cannot use the spool folder {spool_dir} ({error.strerror}); "
            "set NETCOPILOT_SPOOL_DIR to a folder this user can write"
        ) from error
    if not is_ours:
        raise SpoolUnusableError(
            f"another agent runs on the spool folder {spool_dir}: stop it, or give this one a folder and an identity "
            "of its own (NETCOPILOT_SPOOL_DIR, NETCOPILOT_AGENT_ID)"
        )
    try:
        yield
    finally:
        lock.release()
