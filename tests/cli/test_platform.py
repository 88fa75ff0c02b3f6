"""The whole platform as its users meet it: agents, strangers' Kafka tools, a browser; and no secret anywhere."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
import redis
from confluent_kafka import Message
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

from schemas.topics import ANALYZED, DEAD, TOPICS
from tests.api.dashboard.browser import chromium
from tests.api.dashboard.page import DashboardPage
from tests.cli.local_stack import LocalStack
from tests.runtime.redaction_samples import SECRET, SECRETS, TOKENS
from tests.services.process import HOST
from tests.services.reading import read_topic

CORPORA = Path(os.environ.get("NETCOPILOT_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora"))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    stack = LocalStack(tmp_path_factory.mktemp("platform") / "data")
    with stack.running() as process:
        stack.says("first analysed command:")
        yield stack
        assert stack.stop(process) == 0, stack.output


def netcopilot(stack: LocalStack, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        env={**os.environ, "NETCOPILOT_UP_DATA_DIR": str(stack.folder)},
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )


def messages(stack: LocalStack, topic: str) -> list[Message]:
    return read_topic(f"{HOST}:{stack.ports['kafka']}", topic)


def rows(stack: LocalStack, query: str) -> Any:
    client = clickhouse_connect.get_client(host=HOST, port=stack.ports["clickhouse"])
    try:
        return client.query(query).result_rows
    finally:
        client.close()


def held(cache: redis.Redis, key: Any) -> Any:
    """Return what stands under a key, of whatever type."""
    readers: dict[Any, Any] = {b"string": cache.get, b"hash": cache.hgetall, b"stream": cache.xrange}
    return readers[cache.type(key)](key)


def test_an_execution_passes_through_unchanged_and_shows_up_with_its_verdict(platform: LocalStack) -> None:
    ran = netcopilot(platform, "exec", "--", "sh", "-c", "echo seen-by-platform; exit 3")
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, b"seen-by-platform\n", b"")
    platform.until(lambda: platform.shows_once("seen-by-platform"), within=20)
    [item] = [item for item in platform.commands() if "seen-by-platform" in item["command"]]
    assert (item["verdict"], item["exit_code"], item["status"]) == ("warning", 3, "FAILED")
    assert [finding["kind"] for finding in item["findings"]] == ["command.failed"]


def test_a_corpus_is_stored_row_by_row_each_once(platform: LocalStack) -> None:
    corpus = CORPORA / "suzieq.jsonl.gz"
    if not corpus.exists():
        pytest.skip(f"no corpora at {CORPORA}")
    mine = "labels['corpus'] = 'platform'"
    lines = [json.loads(line) for line in gzip.decompress(corpus.read_bytes()).splitlines()]
    recorded = "\n".join(json.dumps({**line, "labels": {"corpus": "platform"}}) for line in lines)
    assert netcopilot(platform, "produce", "--jsonl", "-", stdin=recorded.encode()).returncode == 0
    count = f"SELECT count(), uniqExact(event_id) FROM netcopilot.commands WHERE {mine}"
    platform.until(lambda: rows(platform, count) == [(len(lines), len(lines))], within=60)
    assert messages(platform, DEAD.name) == []


def test_a_stranger_s_client_decodes_the_topic_with_our_registry_paths(platform: LocalStack) -> None:
    platform.record("for-strangers")
    platform.until(lambda: platform.shows_once("for-strangers"), within=20)
    context = SerializationContext(ANALYZED.name, MessageField.VALUE)
    with SchemaRegistryClient({"url": f"http://{HOST}:{platform.ports['api']}"}) as registry:
        deserialize = AvroDeserializer(registry)
        decoded = [deserialize(message.value(), context) for message in messages(platform, ANALYZED.name)]
    [record] = [record for record in decoded if record and "for-strangers" in record["command"]]
    assert (record["verdict"], record["output"], record["exit_code"]) == ("unknown", "for-strangers\n", 0)


def test_no_secret_reaches_a_topic_a_table_a_cache_a_log_or_a_dead_letter(platform: LocalStack) -> None:
    canaries = [SECRET, *TOKENS]
    output = "\n".join([*(line.format(s=SECRET) for line in SECRETS), *TOKENS])
    ran = netcopilot(platform, "exec", "--", "sh", "-c", "echo canary-marker; cat", stdin=output.encode())
    assert all(canary.encode() in ran.stdout for canary in canaries)
    netcopilot(platform, "exec", "--", "echo", "canary-marker", f"--password={SECRET}")
    platform.until(lambda: len([i for i in platform.commands() if "canary-marker" in i["command"]]) == 2, within=20)

    def leaks(data: bytes) -> list[str]:
        return [canary for canary in canaries if canary.encode() in data]

    for topic in TOPICS:
        for message in messages(platform, topic.name):
            assert leaks(b"".join([message.value() or b"", repr(message.headers()).encode()])) == []
    assert leaks(repr(rows(platform, "SELECT * FROM netcopilot.commands")).encode()) == []
    cache = redis.Redis(host=HOST, port=platform.ports["redis"])
    cached = [(key, held(cache, key)) for key in cache.keys("*")]
    cache.close()
    assert cached
    assert leaks(repr(cached).encode()) == []
    for log in (platform.folder / "logs").iterdir():
        assert leaks(log.read_bytes()) == [], log.name


def test_the_dashboard_shows_what_happens_now(platform: LocalStack) -> None:
    with chromium() as browser:
        dashboard = DashboardPage(browser, f"http://{HOST}:{platform.ports['api']}")
        dashboard.open("/?since=all")
        dashboard.is_live()
        netcopilot(platform, "exec", "--", "sh", "-c", "echo live-on-the-dashboard; exit 4")
        platform.until(lambda: platform.shows_once("live-on-the-dashboard"), within=20)
        [item] = [item for item in platform.commands() if "live-on-the-dashboard" in item["command"]]
        dashboard.row(item["event_id"]).wait_for(timeout=20_000)
        dashboard.open(f"/commands/{item['event_id']}")
        dashboard.page.get_by_text("command.failed").first.wait_for(timeout=20_000)
        dashboard.screenshot("platform-detail")
        assert dashboard.problems == []
        dashboard.close()
