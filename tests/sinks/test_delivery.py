"""The delivery against a real ClickHouse, stopped at every point where a process may die."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from clickhouse_connect.driver.client import Client

from runtime.errors import ConfigurationError, TransientError
from runtime.reject_ratio import RejectRatio
from runtime.settings import RejectSettings
from schemas import wire
from schemas.datum import zigzag
from schemas.registry import PackageRegistry
from sinks.block import Block, Place
from sinks.bundle import InsertLimits
from sinks.container import ContainerFormat, Datum
from sinks.deadletters import DeadLetters, Rejection
from sinks.delivery import Delivery
from sinks.retry import Retry
from sinks.store import Store
from tests.sinks.conftest import INSERTS
from tests.sinks.events import ANALYZED, TOPIC_ID, message, poison, value

LEAST = 50
"""Messages after which the share of dead letters counts."""
ROWS_OF_AN_INSERT = 200


class Crash(BaseException):
    """The process dies here."""


class FragileStore(Store):
    """A store beside which the process dies, or ClickHouse falls silent, before or after a chosen call."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.before: dict[str, BaseException] = {}
        self.after: dict[str, BaseException] = {}

    def insert(self, container: bytes, columns: Sequence[str], *, token: str) -> None:
        self._around("insert", lambda: Store.insert(self, container, columns, token=token))

    def keep_offsets(self, topic_id: bytes, next_offsets: Mapping[int, int]) -> None:
        self._around("keep", lambda: Store.keep_offsets(self, topic_id, next_offsets))

    def _around(self, step: str, action: Callable[[], None]) -> None:
        if error := self.before.pop(step, None):
            raise error
        action()
        if error := self.after.pop(step, None):
            raise error


class Grave(DeadLetters):
    """Keeps the dead letters in a list; the real topic has its own test."""

    def __init__(self) -> None:
        self.reject_ratio = RejectRatio(RejectSettings(reject_ratio_messages=LEAST))
        self.found: list[Rejection] = []

    def publish(self, rejections: list[Rejection]) -> None:
        self.found.extend(rejections)
        rejections.clear()


class Bench:
    """A delivery with everything around it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.store = FragileStore(client)
        self.grave = Grave()
        self.stop = threading.Event()
        self.delivery = Delivery(
            store=self.store,
            registry=PackageRegistry(),
            dead_letters=self.grave,
            retry=Retry(longest=0.01, wait=self.stop.wait),
            limits=InsertLimits(rows=ROWS_OF_AN_INSERT, size=1 << 20),
        )

    def deliver(self, *blocks: Block) -> list[Block]:
        return self.delivery.deliver(blocks)

    def ask(self, question: str) -> int:
        return int(self.client.query(question).result_rows[0][0])

    def inserts(self) -> int:
        return self.ask(INSERTS)

    def rows(self) -> int:
        return self.ask("SELECT count() FROM commands")

    def counted(self) -> int:
        return self.ask("SELECT sum(commands) FROM command_counts")


@pytest.fixture
def bench(client: Client) -> Bench:
    return Bench(client)


def block(values: Sequence[bytes | None], *, first: int = 0, partition: int = 0) -> Block:
    messages = [message(first + index, data, partition=partition) for index, data in enumerate(values)]
    return Block(Place(TOPIC_ID, "analyzed", partition), messages, since=0.0)


def good(count: int) -> list[bytes | None]:
    return [value(number) for number in range(count)]


def test_a_block_is_written_and_kept(bench: Bench) -> None:
    whole = block(good(20), first=5)
    assert bench.deliver(whole) == [whole]
    assert bench.rows() == bench.counted() == 20
    assert bench.store.next_offsets(TOPIC_ID) == {0: 25}


@pytest.mark.parametrize("point", ["before insert", "after insert", "before keep", "after keep"])
def test_a_crash_at_any_point_loses_and_doubles_nothing(bench: Bench, point: str) -> None:
    values = [*good(10), *poison().values(), *good(10)]
    moment, step = point.split()
    getattr(bench.store, moment)[step] = Crash()
    with pytest.raises(Crash):
        bench.deliver(block(values))

    bench.deliver(block(values))

    assert bench.rows() == bench.counted() == 20
    assert {rejection.message.offset() for rejection in bench.grave.found} == set(range(10, 10 + len(poison())))
    assert bench.store.next_offsets(TOPIC_ID) == {0: len(values)}


def test_an_answer_that_got_lost_is_asked_for_again(bench: Bench) -> None:
    bench.store.after["insert"] = TransientError("ClickHouse did not answer")
    bench.store.before["keep"] = TransientError("ClickHouse did not answer")
    bench.deliver(block(good(10)))
    assert bench.rows() == bench.counted() == 10


def test_each_poisoned_message_costs_one_dead_letter_and_no_neighbour(bench: Bench) -> None:
    poisoned = poison()
    values = [data for bad in poisoned.values() for data in (value(), bad, value())]
    bench.deliver(block(values))
    assert bench.rows() == 2 * len(poisoned)
    reasons = {rejection.message.offset(): rejection.reason for rejection in bench.grave.found}
    assert list(reasons) == [3 * index + 1 for index in range(len(poisoned))]
    for words, reason in zip(poisoned, reasons.values(), strict=True):
        assert words in reason


def test_a_block_of_dead_letters_only_moves_the_offset(bench: Bench) -> None:
    bench.deliver(block([None, b"junk"], first=8))
    assert bench.rows() == 0
    assert bench.store.next_offsets(TOPIC_ID) == {0: 10}


def test_partitions_go_together_and_keep_their_own_offsets(bench: Bench) -> None:
    bench.deliver(block(good(3)), block(good(4), first=7, partition=6))
    assert bench.rows() == 7
    assert bench.store.next_offsets(TOPIC_ID) == {0: 3, 6: 11}


def partitioned(count: int, *, rows: int) -> list[Block]:
    return [block(good(rows), first=partition, partition=partition) for partition in range(count)]


def test_many_partitions_make_few_inserts(bench: Bench) -> None:
    written = bench.deliver(*partitioned(64, rows=10))
    assert bench.rows() == bench.counted() == 640
    assert bench.inserts() == 4
    assert bench.store.next_offsets(TOPIC_ID) == {partition: partition + 10 for partition in range(64)}
    assert len(written) == 64
    assert bench.ask("SELECT uniqExact(kafka_partition, kafka_offset) FROM commands") == 640


def test_the_same_blocks_in_another_order_change_nothing(bench: Bench) -> None:
    blocks = partitioned(30, rows=10)
    bench.store.before["keep"] = Crash()
    with pytest.raises(Crash):
        bench.deliver(*blocks)
    bench.deliver(*reversed(blocks))
    assert bench.rows() == bench.counted() == 300


def test_what_was_inserted_before_blocks_were_bundled_is_known(bench: Bench) -> None:
    """An upgrade finds blocks of the release before, written and not kept, under the block's own token."""
    values = good(10)
    container_format = ContainerFormat(ANALYZED)
    datums = [Datum(3, offset, (data or b"")[wire.HEADER_SIZE :]) for offset, data in enumerate(values)]
    container = container_format.frame(TOPIC_ID, datums)
    bench.store.insert(container, container_format.columns, token=f"{TOPIC_ID.hex()}/3/0-9")
    bench.deliver(block(values, partition=3))
    assert bench.rows() == 10


def test_a_bad_datum_in_a_bundle_costs_one_dead_letter(bench: Bench) -> None:
    blocks = partitioned(20, rows=3)
    for number, bad in enumerate(poison().values()):
        blocks[number] = block([value(), bad, value()], partition=number)
    assert bench.deliver(*blocks) == blocks
    assert bench.rows() == bench.counted() == 60 - len(poison())
    found = [rejection.place for rejection in bench.grave.found]
    assert found == [(number, 1) for number in range(len(poison()))]


@pytest.mark.parametrize("point", ["before insert", "after insert", "before keep", "after keep"])
@pytest.mark.parametrize("bad", [[], list(poison().values())], ids=["good", "poisoned"])
def test_a_crash_amid_a_list_loses_and_doubles_nothing(bench: Bench, point: str, bad: list[bytes | None]) -> None:
    blocks = partitioned(6, rows=70)
    blocks[3] = block([*good(20), *bad, *good(20)], partition=3)
    moment, step = point.split()
    getattr(bench.store, moment)[step] = Crash()
    with pytest.raises(Crash):
        bench.deliver(*blocks)

    assert len(bench.deliver(*blocks)) == 6

    assert bench.rows() == bench.counted() == 5 * 70 + 40
    assert {rejection.place for rejection in bench.grave.found} == {(3, 20 + number) for number in range(len(bad))}


def test_a_cancelled_block_in_company_is_written_and_not_counted(bench: Bench) -> None:
    stays, goes = block(good(3)), block(good(4), partition=1)
    bench.store.before["insert"] = TransientError("ClickHouse did not answer")
    goes.cancelled.set()
    assert bench.deliver(stays, goes) == [stays]
    assert bench.rows() == 7
    assert bench.store.next_offsets(TOPIC_ID) == {0: 3}


def test_a_stop_amid_a_list_leaves_the_whole_list_to_the_next(bench: Bench) -> None:
    """Kept in part, its rest would make other bundles, under other tokens."""
    blocks = partitioned(3, rows=150)
    bench.store.after["insert"] = TransientError("ClickHouse did not answer")
    bench.stop.set()
    assert bench.deliver(*blocks) == []
    assert bench.store.next_offsets(TOPIC_ID) == {}
    bench.stop.clear()
    assert bench.deliver(*blocks) == blocks
    assert bench.rows() == bench.counted() == 450


def test_a_cancelled_block_is_not_tried_again(bench: Bench) -> None:
    lost = block(good(5))
    bench.store.before["insert"] = TransientError("ClickHouse did not answer")
    lost.cancelled.set()
    assert bench.deliver(lost) == []
    assert bench.rows() == 0
    assert bench.store.next_offsets(TOPIC_ID) == {}


def test_a_stop_gives_up_what_cannot_be_written(bench: Bench) -> None:
    bench.store.before["insert"] = TransientError("ClickHouse did not answer")
    bench.stop.set()
    assert bench.deliver(block(good(5))) == []
    assert bench.store.next_offsets(TOPIC_ID) == {}


def test_a_fault_of_configuration_kills_no_message(bench: Bench) -> None:
    bench.client.command("DROP TABLE commands")
    with pytest.raises(ConfigurationError):
        bench.deliver(block([*good(2), None]))
    assert bench.grave.found == []


@pytest.mark.parametrize("bad", [None, value()[:-7]])
def test_where_most_are_bad_it_stops_before_any_is_buried(bench: Bench, bad: bytes | None) -> None:
    with pytest.raises(ConfigurationError, match="NETCOPILOT_REJECT_RATIO"):
        bench.deliver(block([*good(20), *[bad] * LEAST]))
    assert bench.grave.found == []
    assert bench.store.next_offsets(TOPIC_ID) == {}


def test_no_datum_swallows_its_neighbour(bench: Bench) -> None:
    """A forged length spans the next datum and the message after that holds one too many: in a shared Avro block the
    three would be three well-formed rows, and the victim's event not among them.
    """
    victim = value(user_id="victim")
    swallowed = TOPIC_ID + zigzag(0) + zigzag(1) + victim[5:]
    forged = value()[:-1] + zigzag(len(swallowed))
    spare = value() + TOPIC_ID + zigzag(0) + zigzag(1) + value()[5:]

    bench.deliver(block([forged, victim, spare]))

    assert bench.ask("SELECT count() FROM commands WHERE user_id = 'victim'") == 1
    assert [rejection.message.offset() for rejection in bench.grave.found] == [0]


def test_an_event_that_arrives_twice_counts_once(bench: Bench) -> None:
    twice = value()
    bench.deliver(block([twice, *good(3)]))
    bench.deliver(block([twice], first=4))
    assert bench.counted() == 4
    assert bench.client.command("SELECT count() FROM commands FINAL") == 4


VIEWS = (
    "SELECT * FROM command_counts ORDER BY ALL",
    "SELECT * FROM device_list ORDER BY ALL",
    "SELECT count(), uniqExact(event_id) FROM typed_commands FINAL",
    "SELECT count(), uniqExact(event_id) FROM commands FINAL",
)
"""What readers ask of each table that a view fills, and of the table itself."""


def test_no_view_counts_a_block_twice_whatever_becomes_of_its_tokens(bench: Bench) -> None:
    """Cut the same way again, its tokens are known; cut another way, as after a window has passed, they are not."""
    now = datetime.now(UTC)
    values = [value(number, started_at=now, session_id="sitting", user_id="ada") for number in range(12)]
    messages = [None, *values, *poison().values()]

    def answers() -> list[Sequence[Sequence[object]]]:
        return [bench.client.query(view).result_rows for view in VIEWS]

    bench.deliver(block(messages))
    once = answers()
    bench.deliver(block(messages))
    assert answers() == once
    assert bench.rows() == 12
    bench.deliver(block(messages[:5]))
    bench.deliver(block(messages[5:], first=5))
    assert answers() == once
    assert bench.rows() == 24, "the table itself holds both until a merge"
