"""A report for people."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sinks.verification.report import FAULTS, Check, Line, Report, Status

_SOUND_LINES = 20
_STYLES = {Status.OK: "green", Status.NOT_YET: "yellow"}


def show(report: Report, console: Console) -> None:
    """Print a table for each check and the verdict; lines without a fault beyond the first 20 are counted only."""
    for check in report.checks:
        console.print(_table(check))
    faults = [f"{total:,} {fault}" for fault in FAULTS if (total := sum(c.total(fault) for c in report.checks))]
    console.print("[green]clean[/]" if report.clean else f"[bold red]{', '.join(faults)}[/]")


def _table(check: Check) -> Table:
    table = Table(title=f"{check.name}: {check.question}", title_justify="left", caption_justify="left")
    columns = [status for status in Status if status is Status.OK or check.total(status)]
    table.add_column("", no_wrap=True, overflow="fold")
    table.add_column("status")
    for status in columns:
        table.add_column(status.value, justify="right")
    table.add_column("which", overflow="fold")
    table.add_column("note", overflow="fold")
    sound = [line for line in check.lines if line.status is Status.OK]
    hidden = {id(line) for line in sound[_SOUND_LINES:]}
    for line in check.lines:
        if id(line) not in hidden:
            table.add_row(*_cells(line, columns))
    if hidden:
        table.caption = f"and {len(hidden):,} more that are OK"
    return table


def _cells(line: Line, columns: list[Status]) -> list[str]:
    style = _STYLES.get(line.status, "bold red")
    names = [_names(status, examples) for status, examples in line.examples.items() if examples]
    return [
        escape(line.subject),
        f"[{style}]{line.status}[/]",
        *(f"{line.counts.get(status, 0):,}" for status in columns),
        escape("\n".join(names)),
        escape(line.note),
    ]


def _names(status: Status, examples: tuple[str, ...]) -> str:
    """Return a fault's examples, and one of what is no fault."""
    shown = examples if status in FAULTS else examples[:1]
    return f"{status}: {', '.join(shown)}{', ...' if len(shown) < len(examples) else ''}"
