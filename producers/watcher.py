"""The agent's loop: starts each watched command when it is due, some at a time."""

import heapq
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from producers import metrics
from producers.execution import Execution
from producers.watchlist import Timing, WatchedCommand, Watchlist
from runtime.lifecycle import Shutdown
from runtime.log import get_logger

STAGGER_SECONDS = 0.05
"""Between the starts of the first round, which begins at once."""

_TICK_SECONDS = 0.5
_REPORT_SECONDS = 1.0

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
        self._unfinished: set[Future[None]] = set()

    def run_once(self, shutdown: Shutdown) -> None:
        """Run every command once and wait for all of them, or for a shutdown."""
        futures = [self._start(task) for task in self._tasks()]
        for future in futures:
            while not shutdown.requested and not future.done():
                shutdown.wait(0.05)
            if shutdown.requested:
                break
            future.result()

    def run(self, shutdown: Shutdown, *, on_tick: Callable[[], None]) -> None:
        """Run until a shutdown is asked for; commands may still run then. Raises what a command's report did.

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

    def finish(self, seconds: float, *, end_commands: Callable[[], None]) -> None:
        """Start nothing more, and wait `seconds` for the commands that run; then have them ended.

        Returns once they have reported, or a second later.
        """
        self._executor.shutdown(wait=False, cancel_futures=True)
        if wait(self._unfinished, seconds).not_done:
            end_commands()
            wait(self._unfinished, _REPORT_SECONDS)

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
        future = self._executor.submit(self._execute, task.watched, task.timing)
        self._unfinished = {one for one in self._unfinished if not one.done()} | {future}
        return future

    def _execute(self, watched: WatchedCommand, timing: Timing) -> None:
        execution = self._run(watched, timing)
        metrics.COMMANDS.labels(execution.status).inc()
        metrics.COMMAND_DURATION.observe(execution.duration_us / 1e6)
        self._report(watched, execution)
