"""A child process: started, watched until it is ready, stopped."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from contextlib import suppress

from cli.stack.childlog import ChildLog
from cli.stack.spec import ChildSpec
from runtime.deathsignal import tie_to_this_process

_BETWEEN_PROBES = 0.05
_LAST_WORDS = 1.0


class NotReadyError(Exception):
    """The child ended, or took too long, before it was ready."""


class Child:
    """One part of the stack across its restarts, in a process group of its own."""

    def __init__(self, spec: ChildSpec, log: ChildLog) -> None:
        self.spec = spec
        self.log = log
        self.ready = asyncio.Event()
        """Set while others may count on it."""
        self.stopped_on_purpose = False
        self._process: Process | None = None
        self._collecting: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """Its name in the stack."""
        return self.spec.name

    @property
    def pid(self) -> int | None:
        """Process id of the running process."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> float:
        """Start the process and wait until it is ready; return the seconds that took.

        Raises:
            NotReadyError: it ended or exceeded its time; what is left of it still has to be awaited with `ended`.
            OSError: the program cannot be executed.

        """
        begin = time.monotonic()
        self.stopped_on_purpose = False
        await self._spawn()
        await self._until_ready(begin + self.spec.ready_within)
        if self.spec.once_ready is not None:
            await asyncio.to_thread(self.spec.once_ready)
        self.ready.set()
        return time.monotonic() - begin

    async def ended(self) -> int:
        """Wait for the end of the process and of all it left behind; return its exit code (-N: by signal N)."""
        if self._process is None or self._collecting is None:
            return 0
        code = await self._process.wait()
        self.ready.clear()
        self.kill()
        await asyncio.wait({self._collecting}, timeout=_LAST_WORDS)
        self._collecting.cancel()  # something that left the process group may hold the pipe open
        return code

    async def stuck(self) -> None:
        """Return when the running process has failed its liveness probe too often in a row; else never."""
        if self.spec.alive is None:
            await asyncio.Event().wait()
            return
        failures = 0
        while failures < self.spec.alive_failures:
            await asyncio.sleep(self.spec.alive_every)
            failures = 0 if await asyncio.to_thread(self.spec.alive) else failures + 1

    async def stop(self) -> None:
        """Ask the process to end, kill it when it takes too long; return when nothing of it is left."""
        self.stopped_on_purpose = True
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(self.spec.stop_signal)
        try:
            await asyncio.wait_for(self.ended(), self.spec.stop_within)
        except TimeoutError:
            self.kill()
            await self.ended()

    def kill(self) -> None:
        """End the whole process group at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _spawn(self) -> None:
        self.log.begin()
        output, inlet = os.pipe()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                stdin=DEVNULL,
                stdout=inlet,
                stderr=STDOUT,
                env={**os.environ, **self.spec.env},
                process_group=0,
                preexec_fn=tie_to_this_process(),
            )
        finally:
            os.close(inlet)
            self._collecting = asyncio.create_task(self.log.collect(output))

    async def _until_ready(self, deadline: float) -> None:
        while not await asyncio.to_thread(self.spec.ready):
            if self.pid is None:
                raise NotReadyError(f"{self.name} ended before it was ready")
            if time.monotonic() > deadline:
                raise NotReadyError(f"{self.name} was not ready within {self.spec.ready_within:.0f} s")
            await asyncio.sleep(_BETWEEN_PROBES)
