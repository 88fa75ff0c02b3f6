"""A child process that answers one line for one line."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from runtime.deathsignal import tie_to_this_process
from runtime.errors import DataError, TransientError
from runtime.log import get_logger

log = get_logger(__name__)

MAX_LINE_BYTES = 64 << 20
_LAST_WORDS_SECONDS = 1.0
_STDERR_CHUNK = 1 << 16


class NoAnswerError(TransientError):
    """The process did not answer: it took too long, ended, or spoke unasked. It is replaced at the next question."""


class AnswerTimeoutError(NoAnswerError):
    """The process took too long."""


class LineTooLongError(DataError):
    """A question is longer than a line may be; no process was asked."""


@dataclass(frozen=True, slots=True)
class LineProgram:
    """What to run, and how it may behave.

    The program reads lines from standard input, writes exactly one line to standard output for each, in order, and
    ends when its input does. What it writes to standard error goes to this process's log.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's own environment."""
    start_seconds: float = 30.0
    """Added to the time-out of a new process's first question."""
    max_line: int = MAX_LINE_BYTES

    @classmethod
    def python(cls, name: str, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> "LineProgram":
        """Return the program that runs a module with this process's interpreter."""
        return cls(name, (sys.executable, "-m", module, *arguments), env or {})


class LineProcess:
    """Runs a line program from its first question on, and anew after it failed to answer.

    Questions are asked one after the other, whoever asks them. Start it from a thread that lives as long as the
    process: the child dies with it.
    """

    def __init__(self, program: LineProgram) -> None:
        self._program = program
        self._turn = asyncio.Lock()
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """Process id, None where no process runs."""
        return self._running.process.pid if self._running is not None and self._running.alive else None

    async def ask(self, line: bytes, timeout: float) -> bytes:  # noqa: ASYNC109 - the process is replaced when it ends
        """Return the answer to a line, both without their line ends.

        Raises:
            ValueError: the line holds a line end.
            LineTooLongError: the line exceeds the bound.
            AnswerTimeoutError: no answer within `timeout` seconds of the question; the process was killed.
            NoAnswerError: the process ended, or is out of step; it was killed.

        """
        if b"\n" in line:
            raise ValueError("a line holds no line end")
        if len(line) >= self._program.max_line:
            raise LineTooLongError(f"{len(line)} bytes are too long a line for {self._program.name}")
        async with self._turn:
            running, patience = await self._ready(timeout)
            try:
                async with asyncio.timeout(patience):
                    return await running.ask(line)
            except TimeoutError:
                await self._end(running)
                raise AnswerTimeoutError(f"{self._program.name} did not answer within {patience:.1f} s") from None
            except BaseException:
                await self._end(running)
                raise

    async def close(self) -> None:
        """End the process: at once where it is idle, else after its answer or a second."""
        running, self._running = self._running, None
        if running is not None:
            await running.dismiss()

    async def _ready(self, timeout: float) -> tuple["_Running", float]:  # noqa: ASYNC109 - passed on
        """Return the running process and the patience to have with it."""
        if self._running is not None and self._running.alive:
            return self._running, timeout
        if self._running is not None:
            await self._end(self._running)
        self._running = await _Running.start(self._program)
        return self._running, timeout + self._program.start_seconds

    async def _end(self, running: "_Running") -> None:
        self._running = None
        await running.kill()


class _Running:
    """One life of the process."""

    def __init__(self, program: LineProgram, process: Process) -> None:
        self._program = program
        self.process = process
        self._answer: asyncio.Future[bytes] | None = None
        self._in_step = True
        self._listening = asyncio.create_task(self._listen())
        self._logging = asyncio.create_task(self._log_complaints())

    @classmethod
    async def start(cls, program: LineProgram) -> "_Running":
        process = await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, **program.env},
            limit=program.max_line,
            start_new_session=True,
            preexec_fn=tie_to_this_process(),
        )
        log.info("line_process_started", program=program.name, pid=process.pid)
        return cls(program, process)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._in_step and self.process.returncode is None

    async def ask(self, line: bytes) -> bytes:
        """Write a line and wait for its answer."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._answer = answer
        stdin = self.process.stdin
        if not self.alive or stdin is None:
            raise NoAnswerError(f"{self._program.name} ended")
        try:
            stdin.write(line + b"\n")
            await stdin.drain()
        except OSError:
            raise NoAnswerError(f"{self._program.name} ended while it was asked") from None
        return await answer

    async def kill(self) -> None:
        """End it at once and wait until nothing is left of it."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
            log.warning("line_process_killed", program=self._program.name, pid=self.process.pid)
        await self._gone()

    async def dismiss(self) -> None:
        """Close its input and wait for its end; kill it when it takes too long."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self.process.wait()
        except TimeoutError:
            await self.kill()
        else:
            await self._gone()

    async def _gone(self) -> None:
        await self.process.wait()
        await asyncio.wait({self._listening, self._logging}, timeout=_LAST_WORDS_SECONDS)
        self._listening.cancel()  # a child of its own may hold the pipes open
        self._logging.cancel()

    async def _listen(self) -> None:
        """Give each line that comes to the question under way; a line that nobody asked for ends the conversation."""
        stdout = self.process.stdout
        if stdout is None:
            return
        while (line := await _line_of(stdout)) is not None:
            answer, self._answer = self._answer, None
            if answer is None or answer.done():
                break
            answer.set_result(line)
        self._in_step = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswerError(f"{self._program.name} ended without an answer"))

    async def _log_complaints(self) -> None:
        stderr = self.process.stderr
        while stderr is not None and (text := await stderr.read(_STDERR_CHUNK)):
            for line in text.decode(errors="replace").splitlines():
                log.warning("line_process_said", program=self._program.name, line=line)


async def _line_of(stream: asyncio.StreamReader) -> bytes | None:
    """Return the next line, None where no whole one follows or it exceeds the bound."""
    try:
        return (await stream.readuntil(b"\n"))[:-1]
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
