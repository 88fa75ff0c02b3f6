import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas import wire
from schemas.codec import encode
from schemas.registry import PackageRegistry
from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.driver.batch import RecordBatch
from streams.enrichment import SLICE_SECONDS, Analyzed, Enricher, Outcome, Rejected
from streams.output_cache import OutputCache
from streams.shared_cache import SharedCache
from tests.streams.records import ANALYZED, EXECUTED, MadeRecord, analyzed_record, batch_of, event, record_of


async def enriched(enricher: Enricher, batch: RecordBatch) -> list[Outcome]:
    return [outcome async for outcomes in enricher.enrich(batch) for outcome in outcomes]


PING = """PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.

--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 3060ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""


def shared_cache(url: str, version: str = "v") -> SharedCache:
    return SharedCache(url, version=version, ttl=timedelta(minutes=1), timeout=1.0)


def make_enricher(shared: SharedCache) -> Enricher:
    return Enricher(registry=PackageRegistry(), engine=Engine(), memory=OutputCache(1 << 20), shared=shared)


@pytest.fixture
async def shared(redis_database: str) -> AsyncIterator[SharedCache]:
    cache = shared_cache(redis_database)
    yield cache
    await cache.close()


async def test_an_event_keeps_its_bytes_and_gets_its_analysis(shared: SharedCache) -> None:
    executed = event(command="ping -c 4 10.0.0.1", output=PING, labels={"site": "lab"})
    record = record_of(executed, offset=7)
    [outcome] = await enriched(make_enricher(shared), batch_of(record))
    assert isinstance(outcome, Analyzed)
    assert outcome.value[wire.HEADER_SIZE :].startswith((record.value or b"")[wire.HEADER_SIZE :])
    analyzed = analyzed_record(outcome.value)
    assert {name: analyzed[name] for name in executed.record()} == executed.record()
    expected = Engine().analyze(Execution("default", "linux", executed.command, "OK", 0, PING))
    assert analyzed["verdict"] == expected.verdict == "warning"
    assert analyzed["fingerprint"] == expected.fingerprint
    assert [finding["kind"] for finding in analyzed["findings"]] == ["reachability.loss"]
    assert analyzed["findings"][0]["source"] == "RULE"
    assert analyzed["cache_status"] == "MISS"
    assert analyzed["analysis_latency_us"] > 0
    assert dict(outcome.headers)["ce_type"] == b"netcopilot.command.analyzed"


async def test_the_same_output_is_analysed_once(shared: SharedCache) -> None:
    enricher = make_enricher(shared)
    records = [record_of(event(command="ping -c 4 10.0.0.1", output=PING, sequence=n), n) for n in range(5)]
    first = await enriched(enricher, batch_of(*records))
    again = await enriched(enricher, batch_of(*records))
    statuses = [analyzed_record(o.value)["cache_status"] for o in first + again if isinstance(o, Analyzed)]
    assert statuses == ["MISS", *["HIT_OUTPUT"] * 9]
    assert [analyzed_record(o.value)["sequence"] for o in first if isinstance(o, Analyzed)] == list(range(5))


async def test_another_worker_finds_the_analysis_in_redis(redis_database: str) -> None:
    record = record_of(event(command="ping -c 4 10.0.0.1", output=PING))
    one = shared_cache(redis_database)
    [fresh] = await enriched(make_enricher(one), batch_of(record))
    await one.close()
    two = shared_cache(redis_database)
    [cached] = await enriched(make_enricher(two), batch_of(record))
    await two.close()
    other_rules = shared_cache(redis_database, version="next")
    [anew] = await enriched(make_enricher(other_rules), batch_of(record))
    await other_rules.close()
    assert isinstance(fresh, Analyzed)
    assert isinstance(cached, Analyzed)
    assert isinstance(anew, Analyzed)
    first, second, third = (analyzed_record(outcome.value) for outcome in (fresh, cached, anew))
    assert [each["cache_status"] for each in (first, second, third)] == ["MISS", "HIT_OUTPUT", "MISS"]
    for name in ("analyzed_at", "analysis_latency_us", "cache_status"):
        del first[name], second[name]
    assert first == second


@pytest.mark.parametrize(
    "change",
    [
        {"output": PING.replace("75%", "0%")},
        {"tenant_id": "other"},
        {"os_type": "cumulus"},
        {"command": "ping 10.0.0.1"},
        {"status": "TIMEOUT"},
        {"exit_code": 1},
        {"exit_code": None},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_whatever_decides_an_analysis_decides_the_hit(shared: SharedCache, change: dict[str, object]) -> None:
    fields = {"command": "ping -c 4 10.0.0.1", "output": PING}
    outcomes = await enriched(
        make_enricher(shared), batch_of(record_of(event(**fields)), record_of(event(**fields | change), 1))
    )
    statuses = [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]
    assert statuses == ["MISS", "MISS"]


async def test_tenants_whose_names_share_a_prefix_share_nothing(shared: SharedCache) -> None:
    long = "t" * 64
    outcomes = await enriched(
        make_enricher(shared),
        batch_of(*(record_of(event(tenant_id=tenant, output="x"), n) for n, tenant in enumerate((long, long + "2")))),
    )
    assert [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)] == ["MISS"] * 2


async def test_redis_away_costs_no_event() -> None:
    shared = shared_cache("redis://127.0.0.1:1/0")
    enricher = make_enricher(shared)
    record = record_of(event(command="uptime", output="up"))
    async with asyncio.timeout(10):
        outcomes = await enriched(enricher, batch_of(record)) + await enriched(enricher, batch_of(record))
    statuses = [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]
    assert statuses == ["MISS", "HIT_OUTPUT"]
    await shared.close()


GOOD = record_of(event(command="uptime", output="up"))
CUT_HEAD = (GOOD.value or b"")[:40]
BAD_TEXT = (record_of(event(command="uptime", output="canary-secret")).value or b"").replace(b"canary", b"canar\xff")
BAD_UUID = (GOOD.value or b"").replace((GOOD.value or b"")[6:42], b"z" * 36)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "null value"),
        (b"", "too short"),
        (b"\x07" + b"x" * 50, "magic byte is 7"),
        (wire.frame(4711, b"x"), "schema id 4711"),
        (wire.frame(ANALYZED.schema_id, encode(EXECUTED, event().record())), "no CommandExecuted"),
        (CUT_HEAD, "ends within its head"),
        (BAD_TEXT, "UnicodeDecodeError"),
    ],
    ids=["null", "empty", "magic", "unknown schema", "other schema", "cut", "bad text"],
)
async def test_a_bad_message_is_rejected_alone_with_its_reason(
    shared: SharedCache, value: bytes | None, reason: str
) -> None:
    bad = MadeRecord(value, 0)
    outcomes = await enriched(make_enricher(shared), batch_of(bad, MadeRecord(GOOD.value, 1), bad))
    assert [type(outcome) for outcome in outcomes] == [Rejected, Analyzed, Rejected]
    rejected = outcomes[0]
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert "canary" not in rejected.reason


async def test_a_broken_head_rejects_its_own_event_and_is_the_sink_s_to_find_on_a_hit(shared: SharedCache) -> None:
    bad = MadeRecord(BAD_UUID)
    outcomes = await enriched(make_enricher(shared), batch_of(bad, GOOD, bad))
    assert [type(outcome) for outcome in outcomes] == [Rejected, Analyzed, Analyzed]


async def test_headers_of_others_pass_through(shared: SharedCache) -> None:
    record = MadeRecord(GOOD.value, headers=[("ce_type", b"custom"), ("traceparent", b"00-abc"), ("traceparent", b"2")])
    [outcome] = await enriched(make_enricher(shared), batch_of(record))
    assert isinstance(outcome, Analyzed)
    assert outcome.headers == [("ce_type", b"custom"), ("traceparent", b"00-abc"), ("traceparent", b"2")]


class SlowEngine(Engine):
    """An engine whose every analysis takes longer than a slice may."""

    def analyze(self, execution: Execution) -> Analysis:
        time.sleep(SLICE_SECONDS)
        return super().analyze(execution)


async def test_what_is_done_goes_out_before_all_is_done(shared: SharedCache) -> None:
    enricher = Enricher(registry=PackageRegistry(), engine=SlowEngine(), memory=OutputCache(1 << 20), shared=shared)
    records = [record_of(event(output=f"line {n // 2}", sequence=n), n) for n in range(6)]
    slices = [outcomes async for outcomes in enricher.enrich(batch_of(*records))]
    assert [len(outcomes) for outcomes in slices] == [1, 2, 2, 1]
    assert [outcome.record for outcomes in slices for outcome in outcomes] == records
    known = [outcomes async for outcomes in enricher.enrich(batch_of(*records))]
    assert [len(outcomes) for outcomes in known] == [6]


async def test_an_analysis_cut_short_is_not_shared(redis_database: str) -> None:
    record = record_of(event(output="x"))
    outcomes = []
    for _ in range(2):
        shared = shared_cache(redis_database)
        enricher = Enricher(registry=PackageRegistry(), engine=CutShort(), memory=OutputCache(1 << 20), shared=shared)
        outcomes += await enriched(enricher, batch_of(record))
        await shared.close()
    statuses = [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]
    assert statuses == ["MISS", "MISS"]


class CutShort(Engine):
    """An engine whose parses all run out of time."""

    def analyze(self, execution: Execution) -> Analysis:
        return replace(super().analyze(execution), parse_status=ParseStatus.TIMEOUT)
