import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from schemas import wire
from schemas.codec import encode
from schemas.registry import PackageRegistry
from streams.analysis.analysis import Analysis
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.caching.cached_analysis import CachedAnalysis
from streams.caching.redis_link import RedisLink
from streams.enrichment.analyst import Quickness
from streams.enrichment.enricher import SLICE_SECONDS
from streams.enrichment.outcome import Analyzed, Rejected
from streams.enrichment.sighting import Sighted, Sighter
from streams.slow_lane.slow_lane import SlowLane
from tests.streams.enrichers import NOWHERE, enriched, known_outputs, make_enricher
from tests.streams.pathological import COMMAND, OS_TYPE, runaway
from tests.streams.records import ANALYZED, EXECUTED, MadeRecord, analyzed_record, batch_of, event, record_of

PING = """PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.

--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time 3060ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""


@pytest.fixture
async def link(redis_database: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_database, timeout=1.0)
    yield link
    await link.close()


async def test_an_event_keeps_its_bytes_and_gets_its_analysis(link: RedisLink) -> None:
    executed = event(command="ping -c 4 10.0.0.1", output=PING, labels={"site": "lab"})
    record = record_of(executed, offset=7)
    [outcome] = await enriched(make_enricher(link), batch_of(record))
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


async def test_the_same_output_is_analysed_once(link: RedisLink) -> None:
    enricher = make_enricher(link)
    records = [record_of(event(command="ping -c 4 10.0.0.1", output=PING, sequence=n), n) for n in range(5)]
    first = await enriched(enricher, batch_of(*records))
    again = await enriched(enricher, batch_of(*records))
    statuses = [analyzed_record(o.value)["cache_status"] for o in first + again if isinstance(o, Analyzed)]
    assert statuses == ["MISS", *["HIT_OUTPUT"] * 9]
    assert [analyzed_record(o.value)["sequence"] for o in first if isinstance(o, Analyzed)] == list(range(5))


async def test_another_worker_finds_the_analysis_in_redis(redis_database: str) -> None:
    record = record_of(event(command="ping -c 4 10.0.0.1", output=PING))
    outcomes = []
    for version in ("v", "v", "next"):
        link = RedisLink(redis_database, timeout=1.0)
        outcomes += await enriched(make_enricher(link, version=version), batch_of(record))
        await link.close()
    fresh, cached, anew = outcomes
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
async def test_whatever_decides_an_analysis_decides_the_hit(link: RedisLink, change: dict[str, object]) -> None:
    fields = {"command": "ping -c 4 10.0.0.1", "output": PING}
    outcomes = await enriched(
        make_enricher(link), batch_of(record_of(event(**fields)), record_of(event(**fields | change), 1))
    )
    statuses = [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]
    assert statuses == ["MISS", "MISS"]


async def test_tenants_whose_names_share_a_prefix_share_nothing(link: RedisLink) -> None:
    long = "t" * 64
    outcomes = await enriched(
        make_enricher(link),
        batch_of(*(record_of(event(tenant_id=tenant, output="x"), n) for n, tenant in enumerate((long, long + "2")))),
    )
    assert [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)] == ["MISS"] * 2


async def test_redis_away_costs_no_event() -> None:
    link = RedisLink(NOWHERE, timeout=1.0)
    enricher = make_enricher(link)
    record = record_of(event(command="uptime", output="up"))
    async with asyncio.timeout(10):
        outcomes = await enriched(enricher, batch_of(record)) + await enriched(enricher, batch_of(record))
    statuses = [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]
    assert statuses == ["MISS", "HIT_OUTPUT"]
    await link.close()


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
    link: RedisLink, value: bytes | None, reason: str
) -> None:
    bad = MadeRecord(value, 0)
    outcomes = await enriched(make_enricher(link), batch_of(bad, MadeRecord(GOOD.value, 1), bad))
    assert [type(outcome) for outcome in outcomes] == [Rejected, Analyzed, Rejected]
    rejected = outcomes[0]
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert "canary" not in rejected.reason


async def test_a_broken_head_rejects_its_own_event_and_is_the_sink_s_to_find_on_a_hit(link: RedisLink) -> None:
    bad = MadeRecord(BAD_UUID)
    outcomes = await enriched(make_enricher(link), batch_of(bad, GOOD, bad))
    assert [type(outcome) for outcome in outcomes] == [Rejected, Analyzed, Analyzed]


async def test_headers_of_others_pass_through(link: RedisLink) -> None:
    record = MadeRecord(GOOD.value, headers=[("ce_type", b"custom"), ("traceparent", b"00-abc"), ("traceparent", b"2")])
    [outcome] = await enriched(make_enricher(link), batch_of(record))
    assert isinstance(outcome, Analyzed)
    assert outcome.headers == [("ce_type", b"custom"), ("traceparent", b"00-abc"), ("traceparent", b"2")]


class SlowEngine(Engine):
    """An engine whose every analysis takes longer than a slice may."""

    def analyze(self, execution: Execution, deadline: float | None = None) -> Analysis:
        time.sleep(SLICE_SECONDS)
        return super().analyze(execution, deadline)


async def test_what_is_done_goes_out_before_all_is_done(link: RedisLink) -> None:
    enricher = make_enricher(link, engine=SlowEngine())
    records = [record_of(event(output=f"line {n // 2}", sequence=n), n) for n in range(6)]
    slices = [outcomes async for outcomes in enricher.enrich(batch_of(*records))]
    assert [len(outcomes) for outcomes in slices] == [1, 2, 2, 1]
    assert [o.record for outcomes in slices for o in outcomes if isinstance(o, Analyzed)] == records
    known = [outcomes async for outcomes in enricher.enrich(batch_of(*records))]
    assert [len(outcomes) for outcomes in known] == [6]


async def test_what_a_configured_device_shows_is_analysed_anew_once(link: RedisLink) -> None:
    enricher = make_enricher(link)

    async def statuses(*commands: str, device: bytes = b"t/r1") -> list[str]:
        records = [
            replace(record_of(event(os_type="ios", command=command, output="x")), key=device) for command in commands
        ]
        outcomes = await enriched(enricher, batch_of(*records))
        return [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]

    assert await statuses("show version", "show clock") == ["MISS", "MISS"]
    assert await statuses("configure terminal") == ["MISS"]
    assert await statuses("show version", device=b"t/r2") == ["HIT_OUTPUT"]
    assert await statuses("show version", "show version", "show clock") == ["BYPASS", "HIT_OUTPUT", "BYPASS"]
    assert await statuses("show clock", "configure terminal", "show clock") == ["HIT_OUTPUT", "HIT_OUTPUT", "BYPASS"]
    assert await statuses("show clock", device=b"t/r2") == ["HIT_OUTPUT"]


async def test_an_analysis_gets_old(link: RedisLink) -> None:
    outputs = known_outputs(link, version="v", ttl=timedelta(minutes=1))
    sighted = Sighter(PackageRegistry()).sight(record_of(event(command="uptime", output="up")))
    assert isinstance(sighted, Sighted)
    for age, known in ((59, True), (61, False)):
        outputs.remember(sighted.digest, CachedAnalysis(b"", configures=False, created=time.time() - age))
        assert (sighted.digest in await outputs.look_up([sighted])) is known
        assert (outputs.recall(sighted.digest) is not None) is known


async def test_what_waits_for_the_slow_lane_keeps_its_place(link: RedisLink) -> None:
    lane = SlowLane(deadline=0.25, processes=1)
    enricher = make_enricher(link, slow_lane=lane, quickness=Quickness(seconds=0.025, characters=1_000))
    outputs = ["up", runaway(1), "down", "x" * 2_000, "up", runaway(1)]
    records = [
        record_of(event(os_type=OS_TYPE, command=COMMAND, output=o, sequence=n), n) for n, o in enumerate(outputs)
    ]
    slices = [outcomes async for outcomes in enricher.enrich(batch_of(*records))]
    await lane.close()
    assert [len(outcomes) for outcomes in slices] == [1, 1, 1, 1, 2]
    analyzed = [analyzed_record(o.value) for outcomes in slices for o in outcomes if isinstance(o, Analyzed)]
    assert [each["sequence"] for each in analyzed] == list(range(6))
    assert [each["cache_status"] for each in analyzed] == ["MISS"] * 4 + ["HIT_OUTPUT"] * 2
    assert analyzed[1]["parse_status"] == "TIMEOUT"


async def test_an_analysis_cut_short_is_not_shared(redis_database: str) -> None:
    statuses = []
    for _ in range(2):
        link = RedisLink(redis_database, timeout=1.0)
        lane = SlowLane(deadline=0.1, processes=1)
        enricher = make_enricher(link, slow_lane=lane, quickness=Quickness(seconds=0.01, characters=1_000))
        record = record_of(event(os_type=OS_TYPE, command=COMMAND, output=runaway()))
        [outcome] = await enriched(enricher, batch_of(record))
        assert isinstance(outcome, Analyzed)
        statuses.append(analyzed_record(outcome.value)["cache_status"])
        await lane.close()
        await link.close()
    assert statuses == ["MISS", "MISS"]
