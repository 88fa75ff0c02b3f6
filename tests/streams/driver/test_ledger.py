from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from streams.driver.batch import Partition, RecordBatch
from streams.driver.ledger import OffsetLedger

PARTITION = Partition("t", 0)


@dataclass(frozen=True)
class FakeRecord:
    offset: int
    timestamp: int = 0
    key: bytes | None = None
    value: bytes | None = b"12345"
    headers: tuple[tuple[str, bytes], ...] = ()


def batch(*offsets: int, partition: Partition = PARTITION) -> RecordBatch:
    return RecordBatch(partition, [FakeRecord(offset) for offset in offsets])


@given(st.lists(st.integers(min_value=1, max_value=1000), min_size=1, max_size=20), st.randoms())
def test_nothing_is_committable_past_an_incomplete_batch(steps: list[int], random: object) -> None:
    ledger = OffsetLedger()
    batches, offset = [], 0
    for step in steps:
        offset += step
        batches.append(batch(offset))
        ledger.deliver(batches[-1])
    order = list(batches)
    random.shuffle(order)  # type: ignore[attr-defined]
    for done in order:
        done.complete()
        ahead = next((index for index, each in enumerate(batches) if not each.completed), len(batches))
        assert ledger.committable(PARTITION) == (batches[ahead - 1].last_offset + 1 if ahead else None)


def test_a_gap_belongs_to_the_batch_after_it() -> None:
    ledger = OffsetLedger()
    first, second = batch(3, 4), batch(90, 95)
    ledger.deliver(first)
    ledger.deliver(second)
    first.complete()
    assert ledger.committable(PARTITION) == 5
    second.complete()
    assert ledger.committable(PARTITION) == 96


def test_a_batch_from_before_a_rebalance_completes_nothing_after_it() -> None:
    ledger = OffsetLedger()
    stale, reread = batch(80, 99), batch(50, 99)
    ledger.deliver(stale)
    ledger.forget([PARTITION])
    ledger.deliver(reread)
    stale.complete()
    assert ledger.committable(PARTITION) is None
    reread.complete()
    assert ledger.committable(PARTITION) == 100


def test_partitions_are_told_apart() -> None:
    ledger = OffsetLedger()
    other = Partition("t", 1)
    here, there = batch(7), batch(9, partition=other)
    ledger.deliver(here)
    ledger.deliver(there)
    there.complete()
    assert (ledger.committable(PARTITION), ledger.committable(other)) == (None, 10)
    assert set(ledger.partitions()) == {PARTITION, other}
    assert (ledger.pending(PARTITION), ledger.pending(other)) == (1, 0)


def test_a_batch_counts_its_bytes() -> None:
    assert batch(1, 2, 3).size == 15


def test_what_is_safe_of_a_batch_may_be_committed_before_it_is_complete() -> None:
    ledger = OffsetLedger()
    first, second = batch(10, 11, 14), batch(15)
    ledger.deliver(first)
    ledger.deliver(second)
    second.complete()
    assert ledger.committable(PARTITION) is None
    first.secure(11)
    assert (ledger.committable(PARTITION), ledger.pending(PARTITION)) == (12, 2)
    first.secure(14)
    assert (ledger.committable(PARTITION), ledger.pending(PARTITION)) == (16, 0)


def test_offsets_without_records_belong_to_the_batch_before_them_or_to_nobody() -> None:
    ledger = OffsetLedger()
    ledger.skip(PARTITION, 3)
    assert ledger.committable(PARTITION) == 3
    only = batch(3, 4)
    ledger.deliver(only)
    ledger.skip(PARTITION, 9)
    assert ledger.committable(PARTITION) == 3
    only.complete()
    assert ledger.committable(PARTITION) == 9


def test_what_is_withdrawn_still_counts_until_it_is_forgotten() -> None:
    ledger = OffsetLedger()
    given_up = batch(1, 2)
    ledger.deliver(given_up)
    ledger.withdraw([PARTITION])
    given_up.secure(1)
    assert given_up.withdrawn
    assert ledger.committable(PARTITION) == 2
    ledger.forget([PARTITION])
    assert ledger.committable(PARTITION) is None
