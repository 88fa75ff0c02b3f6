"""Keeps the children of the local stack running."""

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from cli.stack.child import Child, NotReadyError
from cli.stack.childlog import ChildLog
from cli.stack.complaints import Complaints
from cli.stack.console import Console
from cli.stack.restarts import Deaths, RestartPolicy
from cli.stack.spec import ChildSpec
from runtime.errors import TransientError
from runtime.lifecycle import EXIT_CONFIGURATION


class GaveUpError(Exception):
    """A child cannot be kept running; the message ends with its last lines."""


class Supervisor:
    """Starts children stage by stage, restarts those that die, and gives up on one that keeps dying.

    The children of a stage start together once all of the stages before are ready. A child that ends with the exit
    code of a configuration error is given up at once, since a restart would not help.
    """

    def __init__(
        self,
        stages: Sequence[Sequence[ChildSpec]],
        *,
        logs: Path,
        log_bytes: int,
        console: Console,
        policy: RestartPolicy | None = None,
    ) -> None:
        self._console = console
        self._policy = policy or RestartPolicy()
        self._stages = [[self._child(spec, logs, log_bytes) for spec in stage] for stage in stages]
        self._children = {child.name: child for stage in self._stages for child in stage}
        self._keepers: dict[str, asyncio.Task[None]] = {}

    def pid(self, name: str) -> int | None:
        """Return the process id of a child that runs."""
        return self._children[name].pid

    def are_ready(self, *names: str) -> bool:
        """Tell whether these children all run and were ready since their last start."""
        return all(self._children[name].ready.is_set() for name in names)

    async def start(self) -> None:
        """Start everything; return when all are ready.

        Raises:
            GaveUpError: one of them could not be started.

        """
        for stage in self._stages:
            for child in stage:
                self._keepers[child.name] = asyncio.create_task(self._keep(child), name=f"keep {child.name}")
            await self._unless_given_up(_all_ready([child for child in stage if child.spec.essential]))

    async def watch(self) -> None:
        """Keep everything running, until cancelled.

        Raises:
            GaveUpError: one of them keeps dying.

        """
        await self._unless_given_up(_for_ever())

    async def stop(self, *names: str) -> None:
        """Stop children for good, all of them at the same time; one that never started is none."""
        await asyncio.gather(*(self._stop(name) for name in names))

    async def stop_all(self) -> None:
        """Stop what still runs, the last started first."""
        for stage in reversed(self._stages):
            await self.stop(*(child.name for child in stage))

    async def kill(self) -> None:
        """End at once whatever still runs."""
        for name, keeper in self._keepers.items():
            keeper.cancel()
            self._children[name].kill()
        await self.stop_all()

    def _child(self, spec: ChildSpec, logs: Path, log_bytes: int) -> Child:
        path = logs / f"{spec.name}.log"
        complaints = Complaints(partial(self._console.complaint, spec.name), log=path, harmless=spec.harmless)
        return Child(spec, ChildLog(path, max_bytes=log_bytes, complain=complaints.add))

    async def _unless_given_up(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for the work, unless a keeper fails first."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task, *self._keepers.values()}, return_when=asyncio.FIRST_COMPLETED)
            for keeper in self._keepers.values():
                if keeper.done():
                    keeper.result()
        finally:
            task.cancel()

    async def _keep(self, child: Child) -> None:
        try:
            await self._run_again_and_again(child)
        except GaveUpError as error:
            if child.spec.essential:
                raise
            self._console.trouble(child.name, f"{error}\n    Everything else goes on without it.")
            await _for_ever()

    async def _run_again_and_again(self, child: Child) -> None:
        deaths = Deaths(self._policy)
        code = await self._run(child)
        while True:
            if self._died_by_itself(child):
                deaths.record()
                await self._pause(child, code, deaths)
            await _all_ready(self._needed_by(child))
            code = await self._run(child, then_restart=self._dependants_of(child))

    async def _run(self, child: Child, *, then_restart: Sequence[Child] = ()) -> int:
        """Run the child to its end and return its exit code."""
        try:
            seconds = await child.start()
        except (NotReadyError, TransientError) as error:
            if child.pid is not None:  # else how it ended is told with its last lines
                self._console.complaint(child.name, str(error))
            child.kill()
        except OSError as error:
            raise GaveUpError(f"{child.name} cannot be started: {error}") from error
        else:
            self._console.ready(child.spec, seconds)
            running = [dependant for dependant in then_restart if dependant.pid is not None]
            await asyncio.gather(*(dependant.stop() for dependant in running))
        return await self._ended_or_stuck(child)

    async def _ended_or_stuck(self, child: Child) -> int:
        ended, stuck = asyncio.create_task(child.ended()), asyncio.create_task(child.stuck())
        try:
            await asyncio.wait({ended, stuck}, return_when=asyncio.FIRST_COMPLETED)
            if stuck.done():
                self._console.complaint(child.name, "it lives but makes no progress: ending it")
                child.kill()
            return await ended
        finally:
            ended.cancel()
            stuck.cancel()

    async def _pause(self, child: Child, code: int, deaths: Deaths) -> None:
        last_lines = "".join(f"\n    {line}" for line in child.log.last_lines)
        if code == EXIT_CONFIGURATION:
            raise GaveUpError(f"{child.name} refuses its configuration; its last lines:{last_lines}")
        if deaths.too_many:
            raise GaveUpError(
                f"{child.name} died {self._policy.deaths} times within {self._policy.window:.0f} s; "
                f"its last lines:{last_lines}"
            )
        delay = deaths.delay()
        self._console.trouble(child.name, f"{_how(code)}; starting it again in {delay:.1f} s{last_lines}")
        await asyncio.sleep(delay)

    def _died_by_itself(self, child: Child) -> bool:
        return not child.stopped_on_purpose and all(needed.ready.is_set() for needed in self._needed_by(child))

    def _needed_by(self, child: Child) -> list[Child]:
        return [self._children[name] for name in child.spec.needs]

    def _dependants_of(self, child: Child) -> list[Child]:
        return [other for other in self._children.values() if child.name in other.spec.needs]

    async def _stop(self, name: str) -> None:
        keeper = self._keepers.pop(name, None)
        if keeper is None:
            return
        keeper.cancel()
        await asyncio.wait({keeper})
        await self._children[name].stop()
        self._children[name].log.close()


async def _all_ready(children: Sequence[Child]) -> None:
    for child in children:
        await child.ready.wait()


async def _for_ever() -> None:
    await asyncio.Event().wait()


def _how(code: int) -> str:
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
