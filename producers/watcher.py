"""The agent's loop: starts each watched command when it is due, some at a time."""

import heapq
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from producers import metrics
from producers.execution import Execution
from producers.watchlist import Timing, WatchedCommand, Watchlist
from runtime.lifecycle import Shutdown
from runtime.log import get_logger

STAGGER_SECONDS = 0.05
"""Between the starts of the first round, which begins at once."""

_TICK_SECONDS = 0.5

log = get_logger(__name__)

Run = Callable[[WatchedCommand, Timing], Execution]
Report = Callable[[WatchedCommand, Execution], None]


@dataclass(order=True, slots=True)
class _Task:
    due: float
    watched: WatchedCommand = field(compare=False)
    timing: Timing = field(compare=False)
    running: Future[None] | None = field(default=None, compare=False)


class Watcher:
    """Runs a watchlist's commands, `concurrency` at a time at most.

    A command never runs beside itself: a round that comes due while the one before still runs is left out and counted.
    """

    def __init__(self, watchlist: Watchlist, *, run: Run, report: Report, concurrency: int) -> None:
        self._watchlist = watchlist
        self._run = run
        self._report = report
        self._executor = ThreadPoolExecutor(concurrency, thread_name_prefix="command")

    def run_once(self, shutdown: Shutdown) -> None:
        """Run every command once and wait for all of them; a shutdown leaves out those that have not begun."""
        futures = [self._start(task) for task in self._tasks()]
        for future in futures:
            while not shutdown.requested and not future.done():
                shutdown.wait(0.05)
            if shutdown.requested:
                break
            future.result()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def run(self, shutdown: Shutdown, *, on_tick: Callable[[], None]) -> None:
        """Run until a shutdown is asked for, then wait for the commands that run; raises what a command's report did.

        `on_tick` is called at least twice a second.
        """
        queue = self._tasks()
        heapq.heapify(queue)
        while not shutdown.requested:
            on_tick()
            task = queue[0]
            if (delay := task.due - time.monotonic()) > 0:
                shutdown.wait(min(delay, _TICK_SECONDS))
                continue
            self._start_unless_running(task)
            task.due = time.monotonic() + task.timing.interval * (1 + random.random() * task.timing.jitter)  # noqa: S311
            heapq.heapreplace(queue, task)
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _tasks(self) -> list[_Task]:
        now = time.monotonic()
        return [
            _Task(now + index * STAGGER_SECONDS, watched, watched.timing(self._watchlist.defaults))
            for index, watched in enumerate(self._watchlist.commands)
        ]

    def _start_unless_running(self, task: _Task) -> None:
        if task.running is not None and not task.running.done():
            metrics.SKIPPED_ROUNDS.inc()
            return
        if task.running is not None:
            task.running.result()
        task.running = self._start(task)

    def _start(self, task: _Task) -> Future[None]:
        return self._executor.submit(self._execute, task.watched, task.timing)

    def _execute(self, watched: WatchedCommand, timing: Timing) -> None:
        execution = self._run(watched, timing)
        metrics.COMMANDS.labels(execution.status).inc()
        metrics.COMMAND_DURATION.observe(execution.duration_us / 1e6)
        self._report(watched, execution)
