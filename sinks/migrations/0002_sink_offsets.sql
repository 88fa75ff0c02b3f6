-- Where the sink stands, written by the very INSERT that writes the rows. The sink itself adds a row where a block
-- ends in dead letters, which leave none in `commands`.
CREATE TABLE IF NOT EXISTS sink_offsets
(
    kafka_topic_id FixedString(16),
    kafka_partition Int32,
    next_offset SimpleAggregateFunction(max, Int64),
    updated_at SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (kafka_topic_id, kafka_partition)
TTL updated_at + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sink_offsets_feed TO sink_offsets AS
SELECT
    kafka_topic_id,
    kafka_partition,
    max(kafka_offset) + 1 AS next_offset,
    max(toDateTime(inserted_at, 'UTC')) AS updated_at
FROM commands
GROUP BY kafka_topic_id, kafka_partition;
