"""Memory: how much of it is still available."""

from collections.abc import Iterator
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Finding, Severity
from streams.analysis.memory import Memory, memories
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule


def _read(case: Case) -> Reading:
    """Judge the scarcest of what the output tells of memory."""
    told = memories(case)
    if not told:
        return NOTHING_READ
    memory = min(told, key=lambda each: each.percent)
    percent = f"{memory.percent:.1f}"
    facts = {"memory_available_percent": percent}
    complete = case.command.program != "cat" or not case.command.filtered
    return Reading(tuple(_judge(case, memory, percent)), facts, f"{percent}% of memory available", complete=complete)


def _judge(case: Case, memory: Memory, percent: str) -> Iterator[Finding]:
    if memory.percent >= case.thresholds.memory_warning_percent:
        return
    critical = memory.percent < case.thresholds.memory_critical_percent
    severity = Severity.CRITICAL if critical else Severity.WARNING
    yield Finding.quoting(memory.quote, "memory.low", severity, "memory", {"available_percent": percent})


FAMILY: Final = Family(
    name="memory",
    about=r"resource|\bvsf\b|show system|routing-engine|performance|\bfree\b|\btop\b|meminfo|\bmem",
    rules=(
        Rule(
            kind="memory.low",
            severities=(Severity.WARNING, Severity.CRITICAL),
            threshold=(
                "available below 10 % of total warning, below 5 % critical "
                "(per tenant: memory_warning_percent, memory_critical_percent)"
            ),
            platforms="free, top, /proc/meminfo; IOS, XR, NX-OS, EOS, ASA, Junos, VRP, FortiOS, RouterOS, Aruba",
            description="Little memory is available (else free, buffers and cache together).",
            phrase="only {available_percent}% of memory available",
            example=Example(
                "linux",
                "free",
                "              total        used        free      shared  buff/cache   available\n"
                "Mem:        1000000      900000       20000        1000       80000       60000\n"
                "Swap:             0           0           0\n",
            ),
        ),
    ),
    read=_read,
)
