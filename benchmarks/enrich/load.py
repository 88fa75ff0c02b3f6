"""The messages that workers are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final, NamedTuple, cast

from benchmarks.fleet.day import runs
from benchmarks.fleet.devices import checks_of
from schemas import catalog, wire
from schemas.codec import encode
from schemas.event import CommandExecuted, ExecutionStatus, output_digest
from schemas.headers import Headers, for_execution
from schemas.risk import changes_configuration
from schemas.topics import EXECUTED
from streams.analysis import Execution
from tests.streams.analysis.corpora import as_execution, corpus

DEVICES: Final = 200
_LONGEST_KNOWN: Final = 2_000
_SCHEMA: Final = catalog.latest(EXECUTED.subject)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is worked off, in order."""

    name: str
    messages: Sequence["Message"]
    primer: Sequence["Message"] = ()
    """One event of each output, where outputs are to be known before; else none is."""

    @property
    def mean_bytes(self) -> int:
        """Mean length of a value."""
        return sum(len(message.value) for message in self.messages) // len(self.messages)


class Message(NamedTuple):
    """A CommandExecuted as an agent publishes it."""

    key: bytes
    value: bytes
    headers: Headers


def known(events: int, *, outputs: int = 500, seed: int = 1) -> Backlog:
    """Return events that repeat `outputs` recorded outputs, the n-th commonest in proportion to 1/n.

    Outputs are of at most 2,000 characters, as most are. None of the commands configures its device: what it said
    before would be analysed anew.
    """
    random = Random(seed)
    recorded = [as_execution(row) for name in ("suzieq", "ntc_templates", "jc") for row in corpus(name)]
    pool = random.sample([each for each in recorded if _may_repeat(each)], outputs)
    drawn = random.choices(pool, [1 / rank for rank in range(1, outputs + 1)], k=events)
    return Backlog(
        "known",
        [message(each, n, random.randrange(DEVICES)) for n, each in enumerate(drawn)],
        [message(each, n, random.randrange(DEVICES)) for n, each in enumerate(pool)],
    )


def _may_repeat(execution: Execution) -> bool:
    short = len(execution.output) <= _LONGEST_KNOWN
    return short and not changes_configuration(execution.command, execution.os_type)


def mixed(events: int, *, seed: int = 1) -> Backlog:
    """Return the first events of a fleet's day: recorded commands that repeat with other numbers and names, or not."""
    random = Random(seed)
    day = runs(checks_of(DEVICES, random), 24 * 60, random)
    seen = (run.execution for run in islice(day, events))
    return Backlog("mixed", [message(each, n, random.randrange(DEVICES)) for n, each in enumerate(seen)])


def message(execution: Execution, number: int, device: int) -> Message:
    """Return an execution as the event that an agent makes of it."""
    now = datetime.now(UTC)
    executed = CommandExecuted(
        tenant_id=execution.tenant_id,
        device_id=f"device-{device}",
        hostname=f"device-{device}.example.net",
        agent_id=f"agent-{device % 10}",
        agent_version="0.1.0",
        user_id="operator",
        sequence=number + 1,
        started_at=now - timedelta(milliseconds=12),
        ended_at=now,
        duration_us=12_000,
        labels={"site": "fra1", "role": "leaf"},
        redaction_version="1",
        output_bytes=len(execution.output.encode()),
        output_sha256=output_digest(execution.output),
        os_type=execution.os_type,
        command=execution.command,
        status=cast("ExecutionStatus", execution.status),
        exit_code=execution.exit_code,
        output=execution.output,
    )
    value = wire.frame(_SCHEMA.schema_id, encode(_SCHEMA, executed.record()))
    return Message(executed.key, value, for_execution(executed))
