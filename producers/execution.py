"""One run of a command, as it was: nothing redacted, nothing published yet."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from producers.capture import Capture
from schemas.event import STDERR_MARKER, ExecutionStatus

NOT_EXECUTABLE = 126
_SIGNALLED = 128

_DENIED = re.compile(
    r"permission denied|operation not permitted|access denied|must be root|are you root|not authori[sz]ed"
    r"|authori[sz]ation failed|requires? root|must be superuser",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CapturedText:
    """What a command wrote, as text within a limit."""

    text: str
    total_bytes: int
    truncated: bool
    replaced: int
    """How many byte sequences were no UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How a command ran. `exit_code` is a shell's: 128 + n where signal n ended the command."""

    command: str
    status: ExecutionStatus
    exit_code: int | None
    output: CapturedText
    started_at: datetime
    ended_at: datetime
    duration_us: int
    os_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a process left: its return code as subprocess gives it (-n for signal n), its time, its output's bytes.

    `duration_us` comes from a clock that nobody sets; the end follows from it, so that the two agree in any case.
    """

    returncode: int
    started_at: datetime
    duration_us: int
    stdout: Capture
    stderr: Capture

    @property
    def ended_at(self) -> datetime:
        """When it ended."""
        return self.started_at + timedelta(microseconds=self.duration_us)

    @property
    def exit_code(self) -> int:
        """What a shell makes of the return code."""
        return self.returncode if self.returncode >= 0 else _SIGNALLED - self.returncode

    def conclude(self, command: str, *, os_type: str, limit: int, in_time: bool = True) -> Execution:
        """Return the run as an execution whose output is at most `limit` bytes."""
        output = decode(
            self.stdout.head, self.stderr.head, total_bytes=self.stdout.total + self.stderr.total, limit=limit
        )
        return Execution(
            command=command,
            status=judge(self.exit_code, output.text) if in_time else "TIMEOUT",
            exit_code=self.exit_code,
            output=output,
            started_at=self.started_at,
            ended_at=self.ended_at,
            duration_us=self.duration_us,
            os_type=os_type,
        )


def judge(exit_code: int, output: str) -> ExecutionStatus:
    """Return how an execution ended by its exit code; a failure that speaks of permission was denied."""
    if exit_code == 0:
        return "OK"
    if exit_code == NOT_EXECUTABLE or _DENIED.search(output):
        return "DENIED"
    return "FAILED"


def decode(stdout: bytes, stderr: bytes, *, total_bytes: int, limit: int) -> CapturedText:
    """Return standard output, then the marker and standard error, in `limit` bytes at most.

    Each stream keeps its head. Standard error is sure of a quarter of the limit, because it tells what went wrong.
    """
    for_stderr = min(len(stderr), max(limit // 4, limit - len(stdout)))
    head, tail = stdout[: limit - for_stderr], stderr[:for_stderr]
    out, replaced_out = _decode(head, cut=len(head) < len(stdout))
    err, replaced_err = _decode(tail, cut=len(tail) < len(stderr))
    kept = len(head) + len(tail)
    return CapturedText(_join(out, err), total_bytes, kept < total_bytes, replaced_out + replaced_err)


def _decode(data: bytes, *, cut: bool) -> tuple[str, int]:
    if cut:
        data = _without_torn_character(data)
    text = data.decode("utf-8", "replace")
    return text, text.count("\ufffd") - data.count("\ufffd".encode())


def _without_torn_character(data: bytes) -> bytes:
    for length in range(1, min(4, len(data) + 1)):
        byte = data[-length]
        if byte < 0x80:
            return data
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return data[:-length] if wanted > length else data
    return data


def _join(out: str, err: str) -> str:
    if not err:
        return out
    separator = "" if not out or out.endswith("\n") else "\n"
    return f"{out}{separator}{STDERR_MARKER}\n{err}"
