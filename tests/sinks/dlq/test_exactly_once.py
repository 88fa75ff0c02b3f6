"""A message that is sent again is a message as any other to the sink."""

import signal
from pathlib import Path

from schemas.topics import ANALYSES, ANALYZED, DEAD
from sinks.settings import SinkSettings
from tests.services.topics import TopicFactory
from tests.sinks.dlq.graveyard import Graveyard
from tests.sinks.events import value
from tests.sinks.sink_process import SinkProcess, query, wait_for


def test_replayed_twice_it_is_visible_once_and_what_is_still_bad_comes_back(
    kafka: str, topic_factory: TopicFactory, clickhouse_url: str, clickhouse_database: str, tmp_path: Path
) -> None:
    graveyard = Graveyard(kafka, topic_factory.prefixed(ANALYZED, ANALYSES, DEAD, partitions=2))
    settings = SinkSettings(
        kafka_bootstrap_servers=kafka,
        clickhouse_url=clickhouse_url,
        clickhouse_database=clickhouse_database,
        kafka_topic_prefix=graveyard.prefix,
        sink_group=f"{graveyard.prefix}sink",
    )
    graveyard.bury(value(1), value(2), b"still bad", came_from=ANALYZED, stage="sink")
    sink = SinkProcess(settings, tmp_path / "sink.log")
    sink.start()
    try:
        assert graveyard.dlq("replay", "--limit", "3").exit_code == 0
        wait_for(lambda: len(graveyard.read(DEAD)) == 4, "the bad one back among the dead letters")
        assert graveyard.dlq("replay", "--limit", "2").exit_code == 0
        rows = "SELECT count() FROM commands"
        wait_for(lambda: query(settings, "SELECT max(kafka_offset) FROM commands") == 4, "the second replay written")
        assert query(settings, f"{rows} FINAL") == 2
        assert query(settings, "SELECT sum(commands) FROM command_counts") == 2
        assert graveyard.read(DEAD)[-1].value() == b"still bad"
        assert ("dlq.replays", b"1") in (graveyard.read(DEAD)[-1].headers() or [])
    finally:
        sink.end(signal.SIGKILL)
