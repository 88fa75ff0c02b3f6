"""The progress bar of a replay, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text
from typing_extensions import override


class _RateColumn(ProgressColumn):
    @override
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "-/s", style="progress.data.speed")


@contextmanager
def progress(name: str, *, done: int, total: int) -> Iterator[Callable[[int], None]]:
    """Show how many of `total` events are done, how fast and for how long still; call with how many are done.

    Shows nothing where standard error is no terminal.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("replay {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(name, completed=done, total=total)
        yield lambda count: bar.update(task, completed=count, total=max(total, count))
