"""A bundle: blocks of several partitions that go to ClickHouse together.

An insert costs ClickHouse about as much as thousands of its rows, so the cost must not grow with the partitions.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confluent_kafka import Message

from sinks.block import Block, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertLimits:
    """How much goes into one insert, and how many are under way at the same time."""

    rows: int
    size: int
    """Bytes of message values."""
    parallel: int = 1


@dataclass(frozen=True, slots=True)
class Lot:
    """What one insert carries: the runs of a bundle that share a schema, or share a fault; at least one, in order."""

    runs: tuple[Run, ...]

    @property
    def schema(self) -> int | str:
        """The schema id, or why there is none."""
        return self.runs[0].schema

    @property
    def topic_id(self) -> bytes:
        """The topic's incarnation."""
        return self.runs[0].place.topic_id

    @property
    def messages(self) -> Iterator[Message]:
        """The messages, partition by partition."""
        return (message for run in self.runs for message in run.messages)

    @property
    def token(self) -> str:
        """What names these rows for ClickHouse's deduplication: of one run its own, of several what stands for all."""
        if len(self.runs) == 1:
            return self.runs[0].token
        return hashlib.sha256("\n".join(run.token for run in self.runs).encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Blocks of one topic incarnation, at least one, at most one a partition, in the partitions' order."""

    blocks: tuple[Block, ...]

    @property
    def wanted(self) -> bool:
        """Whether any of the blocks is still this sink's to write."""
        return not all(block.cancelled.is_set() for block in self.blocks)

    @property
    def partitions(self) -> list[int]:
        """The blocks' partitions, in order."""
        return [block.place.partition for block in self.blocks]

    def lots(self) -> Iterator[Lot]:
        """Return the bundle's messages by schema; the same lots for the same blocks."""
        found: dict[int | str, list[Run]] = {}
        for block in self.blocks:
            for run in block.runs():
                found.setdefault(run.schema, []).append(run)
        for runs in found.values():
            yield Lot(tuple(runs))


def bundled(blocks: Iterable[Block], limits: InsertLimits) -> list[Bundle]:
    """Return blocks as bundles: in the order of their partitions, each within the limits.

    The same blocks make the same bundles, in whatever order they come. A block that reaches a limit by itself is alone.
    """
    bundles: list[Bundle] = []
    company: list[Block] = []
    rows = size = 0
    for block in sorted(blocks, key=lambda block: block.place.partition):
        more_rows, more_size = len(block.messages), block.size
        if company and (rows + more_rows > limits.rows or size + more_size > limits.size):
            bundles.append(Bundle(tuple(company)))
            company, rows, size = [], 0, 0
        company.append(block)
        rows, size = rows + more_rows, size + more_size
    return [*bundles, Bundle(tuple(company))] if company else bundles
