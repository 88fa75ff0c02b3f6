"""The agent's side, in a process of its own: the project's publisher, on an open loop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Final, cast

from benchmarks.end_to_end.clock import now, sleep_until
from benchmarks.end_to_end.helper import READY
from benchmarks.end_to_end.load import Sight, sights
from producers.envelope import seal
from producers.events import EventFactory
from producers.execution import CapturedText, Execution
from producers.identity import Identity
from producers.publisher import Outcome, Publisher, Receipt
from producers.reporter import sequence_of
from producers.settings import ProducerSettings
from schemas.event import CommandExecuted, ExecutionStatus

_PATIENCE: Final = 30.0
_LEAD: Final = 200.0
"""Milliseconds between the start signal and the first event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What to publish, and when."""

    agent_id: str
    rate: int
    """Events a second."""
    events: int
    warm_up: int
    """So many events come before them."""
    new_share: float
    seed: int
    sample_every: float
    """Milliseconds between events whose ids are told as they are published."""

    @property
    def total(self) -> int:
        """All events, with those of the warm-up."""
        return self.warm_up + self.events


@dataclass(slots=True)
class Published:
    """What the agent knows of its events, by event id; times are milliseconds of the monotonic clock."""

    intended: dict[str, float] = field(default_factory=dict)
    published: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    not_delivered: int = 0
    warm_up: list[str] = field(default_factory=list)
    output_characters: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sample:
    """An event that was just published."""

    event_id: str
    intended: float


def publish(kafka: str, spool: Path, schedule: Schedule, channel: Connection) -> None:
    """Tell that all is prepared, wait for the start, publish, tell samples, at last a `Published`."""
    settings = ProducerSettings(kafka_bootstrap_servers=kafka, spool_dir=spool, agent_id=schedule.agent_id)
    plan = sights(schedule.total, new_share=schedule.new_share, random=Random(schedule.seed))
    with Publisher.open(settings) as publisher:
        run = _Run(schedule, _Factories(settings), publisher, channel.send)
        channel.send(READY)
        channel.recv()
        run.publish(plan)
        publisher.settle(_PATIENCE)
        publisher.close(0)
    channel.send(run.published)


class _Factories:
    """One event factory for each device; the agent that watches them all numbers its events once."""

    def __init__(self, settings: ProducerSettings) -> None:
        self._identity = Identity.from_settings(settings)
        self._next_sequence = sequence_of(settings)
        self._limit = settings.output_limit_bytes
        self._made: dict[str, EventFactory] = {}

    def make(self, sight: Sight) -> CommandExecuted:
        factory = self._made.get(sight.device)
        if factory is None:
            identity = replace(self._identity, device_id=sight.device, hostname=sight.device)
            factory = EventFactory(identity, next_sequence=self._next_sequence, output_limit=self._limit)
            self._made[sight.device] = factory
        return factory.make(_happened(sight))


def _happened(sight: Sight) -> Execution:
    moment, execution = datetime.now(UTC), sight.execution
    length = len(execution.output)
    return Execution(
        command=execution.command,
        status=cast("ExecutionStatus", execution.status),
        exit_code=execution.exit_code,
        output=CapturedText(execution.output, length, truncated=False, replaced=0),
        started_at=moment,
        ended_at=moment,
        duration_us=0,
        os_type=execution.os_type,
    )


class _Run:
    def __init__(
        self, schedule: Schedule, factories: _Factories, publisher: Publisher, tell: Callable[[Sample], None]
    ) -> None:
        self._schedule = schedule
        self._factories = factories
        self._publisher = publisher
        self._tell = tell
        self.published = Published()

    def publish(self, plan: Sequence[Sight]) -> None:
        interval, begin = 1e3 / self._schedule.rate, now() + _LEAD
        next_sample = begin + self._schedule.warm_up * interval
        for number, sight in enumerate(plan):
            intended = begin + number * interval
            sleep_until(intended)
            event_id = self._publish(sight)
            if number < self._schedule.warm_up:
                self.published.warm_up.append(event_id)
                continue
            self.published.intended[event_id] = intended
            if intended >= next_sample:
                next_sample += self._schedule.sample_every
                self._tell(Sample(event_id, intended))

    def _publish(self, sight: Sight) -> str:
        event = self._factories.make(sight)
        event_id = str(event.event_id)
        self._publisher.publish(seal(event), partial(self._on_receipt, event_id))
        self.published.published[event_id] = now()
        self.published.output_characters.append(len(sight.execution.output))
        return event_id

    def _on_receipt(self, event_id: str, receipt: Receipt) -> None:
        self.published.acknowledged[event_id] = now()
        self.published.not_delivered += receipt.outcome is not Outcome.DELIVERED
