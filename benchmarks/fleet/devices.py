"""Devices that run recorded commands: which, how often, and under which names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

from streams.analysis import Execution
from tests.streams.analysis.corpora import as_execution, corpus
from tests.streams.analysis.mutants.renaming import RENAMINGS

_LONGEST: Final = 20_000
_FEWEST_COMMANDS: Final = 4
_MOST_COMMANDS: Final = 8
_EVERY_MINUTES: Final = (1, 2, 5, 5, 5, 10, 10, 15)


@dataclass(frozen=True, slots=True)
class Check:
    """A command that a device runs every `minutes`, from minute `first` on, and its output while all is as usual."""

    device: str
    execution: Execution
    minutes: int
    first: int


def checks_of(devices: int, random: Random) -> list[Check]:
    """Return what `devices` run: each is one recorded device under names of its own."""
    kinds = list(_kinds())
    return [check for number in range(devices) for check in _checks(f"device-{number}", random.choice(kinds), random)]


def _kinds() -> Iterator[Sequence[Execution]]:
    """Yield the executions of each recorded host (suzieq), platform (ntc-templates) and system (jc)."""
    groups: defaultdict[tuple[str, ...], list[Execution]] = defaultdict(list)
    for name in ("suzieq", "ntc_templates", "jc"):
        for row in corpus(name):
            if len(row["output"]) <= _LONGEST:
                groups[name, *_host(row)].append(as_execution(row))
    return (group for group in groups.values() if len({each.command for each in group}) >= _FEWEST_COMMANDS)


def _host(row: dict[str, Any]) -> tuple[str, ...]:
    if "namespace" in row:
        return row["namespace"], row["hostname"]
    return (row.get("platform") or row["os_type"],)


def _checks(device: str, kind: Sequence[Execution], random: Random) -> Iterator[Check]:
    by_command = {each.command: each for each in random.sample(kind, len(kind))}
    chosen = random.sample(list(by_command.values()), min(_MOST_COMMANDS, len(by_command)))
    seed = random.random()
    for execution in chosen:
        minutes = random.choice(_EVERY_MINUTES)
        yield Check(device, _renamed(execution, device, Random(seed)), minutes, random.randrange(minutes))


def _renamed(execution: Execution, device: str, random: Random) -> Execution:
    """Return the execution with the addresses and interfaces of this device, the same in all its outputs."""
    for renaming in RENAMINGS:
        execution = renaming.apply(execution, random) or execution
    return replace(execution, tenant_id="fleet", output=execution.output.replace("localhost", device))
