"""What becomes of fresh analyses: explained already, asked for, or left alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis

from schemas import catalog, wire
from schemas.codec import decode
from streams.caching.keys import explained_key, requested_key
from streams.caching.redis_link import RedisLink
from streams.driver.batch import RecordBatch
from streams.enrichment.enricher import Enricher
from streams.enrichment.explanation_request import MAX_OUTPUT_CHARACTERS
from streams.enrichment.outcome import Analyzed, Outcome, Requested
from tests.streams.enrichers import NOWHERE, enriched, make_enricher
from tests.streams.pathological import COMMAND, OS_TYPE, runaway
from tests.streams.records import analyzed_record, batch_of, event, record_of

LOSS = """PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.

--- 10.0.0.1 ping statistics ---
4 packets transmitted, 1 received, 75% packet loss, time {time}ms
rtt min/avg/max/mdev = 0.030/0.030/0.030/0.000 ms
"""
REQUEST = catalog.latest("analyses.requested-value")


@pytest.fixture
async def link(redis_database: str) -> AsyncIterator[RedisLink]:
    link = RedisLink(redis_database, timeout=1.0)
    yield link
    await link.close()


def loss(time: int, **fields: Any) -> RecordBatch:
    executed = event(command="ping -c 4 10.0.0.1", output=LOSS.format(time=time), exit_code=1, **fields)
    return batch_of(record_of(executed))


def requests(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    found = []
    for outcome in outcomes:
        if isinstance(outcome, Requested):
            schema_id, datum = wire.unframe(outcome.value)
            assert schema_id == REQUEST.schema_id
            found.append(decode(REQUEST, datum))
    return found


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [analyzed_record(o.value)["cache_status"] for o in outcomes if isinstance(o, Analyzed)]


async def test_a_new_fingerprint_is_asked_for_with_its_representative(link: RedisLink) -> None:
    executed = event(command="ping -c 4 10.0.0.1", output=LOSS.format(time=1), tenant_id="acme")
    record = record_of(executed)
    outcomes = await enriched(make_enricher(link, explain=["warning"]), batch_of(record))
    assert [type(outcome) for outcome in outcomes] == [Analyzed, Requested]
    assert statuses(outcomes) == ["MISS"]
    [request] = requests(outcomes)
    assert isinstance(outcomes[0], Analyzed)
    analyzed = analyzed_record(outcomes[0].value)
    for name in ("tenant_id", "event_id", "os_type", "command", "status", "exit_code", "output"):
        assert request[name] == executed.record()[name], name
    for name in ("fingerprint", "command_template", "verdict", "summary", "facts", "rules_version"):
        assert request[name] == analyzed[name], name
    assert request["findings"] == [
        {name: value for name, value in finding.items() if name != "source"} for finding in analyzed["findings"]
    ]
    assert request["shared"] is True
    assert isinstance(outcomes[1], Requested)
    assert outcomes[1].name.key == b"acme/" + analyzed["fingerprint"].hex().encode()
    assert dict(outcomes[1].headers)["ce_type"] == b"netcopilot.analysis.requested"


async def test_each_fingerprint_is_asked_for_once_by_all_workers(link: RedisLink, redis_database: str) -> None:
    first, other = make_enricher(link, explain=["warning"]), make_enricher(link, explain=["warning"])
    outcomes = await enriched(first, batch_of(*loss(1).records, *loss(2).records))
    outcomes += await enriched(first, loss(3))
    assert len(requests(outcomes)) == 1
    fingerprint = requests(outcomes)[0]["fingerprint"]
    with redis.Redis.from_url(redis_database) as client:
        key = requested_key("v", "default", fingerprint)
        async with asyncio.timeout(5):
            while not client.exists(key):  # noqa: ASYNC110 - the marker is written behind the batch
                await asyncio.sleep(0.01)
        assert 0 < client.pttl(key) <= 66_000
    assert requests(await enriched(other, loss(4))) == []


async def test_an_explained_fingerprint_is_a_hit_and_not_asked_for(link: RedisLink, redis_database: str) -> None:
    enricher = make_enricher(link, explain=["warning"])
    [request] = requests(await enriched(enricher, loss(1)))
    with redis.Redis.from_url(redis_database) as client:
        client.set(explained_key("v", "default", request["fingerprint"]), b"{}")
    hit = await enriched(enricher, loss(2))
    again = await enriched(enricher, loss(2))
    assert statuses(hit + again) == ["HIT_FINGERPRINT", "HIT_OUTPUT"]
    assert requests(hit + again) == []
    of_another_prompt = make_enricher(link, version="next", explain=["warning"])
    assert len(requests(await enriched(of_another_prompt, loss(3)))) == 1
    of_another_tenant = await enriched(enricher, loss(4, tenant_id="other"))
    assert statuses(of_another_tenant) == ["MISS"]
    assert len(requests(of_another_tenant)) == 1


@pytest.mark.parametrize("explain", [[], ["critical"]])
async def test_what_nobody_wants_explained_is_not_asked_for(link: RedisLink, explain: list[str]) -> None:
    outcomes = await enriched(make_enricher(link, explain=explain), loss(1))
    assert statuses(outcomes) == ["MISS"]
    assert requests(outcomes) == []


async def test_what_a_deadline_cut_short_is_not_asked_for(link: RedisLink) -> None:
    enricher = make_enricher(link, explain=["unknown"])
    cut_short = batch_of(record_of(event(os_type=OS_TYPE, command=COMMAND, output=runaway())))
    assert requests(await enriched(enricher, cut_short)) == []
    assert len(requests(await enriched(enricher, batch_of(record_of(event(command="frobnicate", output="x")))))) == 1


async def test_redis_away_means_not_known_and_asks_once() -> None:
    link = RedisLink(NOWHERE, timeout=1.0)
    enricher: Enricher = make_enricher(link, explain=["warning"])
    async with asyncio.timeout(10):
        outcomes = await enriched(enricher, loss(1)) + await enriched(enricher, loss(2))
    assert statuses(outcomes) == ["MISS", "MISS"]
    assert len(requests(outcomes)) == 1
    await link.close()


async def test_a_long_output_is_cut(link: RedisLink) -> None:
    long = batch_of(record_of(event(command="frobnicate", output="x" * (MAX_OUTPUT_CHARACTERS + 1))))
    [request] = requests(await enriched(make_enricher(link, explain=["unknown"]), long))
    assert len(request["output"]) == MAX_OUTPUT_CHARACTERS


async def test_outputs_that_share_nothing_are_asked_about_once_in_a_while(link: RedisLink) -> None:
    enricher = make_enricher(link, explain=["unknown"])

    async def asked(command: str, output: str) -> int:
        return len(requests(await enriched(enricher, batch_of(record_of(event(command=command, output=output))))))

    assert [await asked("frobnicate", f"{n}") for n in range(3)] == [1, 0, 0]
    assert await asked("defrobnicate", "0") == 1
