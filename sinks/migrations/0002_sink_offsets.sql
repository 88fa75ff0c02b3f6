-- Up to which offset every event of a partition is in the tables (views included) or in the dead letters. Written after
-- the rows, not by a view on `commands`: ClickHouse commits a table and its views one after the other, so a view's row
-- would not prove that the others were written.
CREATE TABLE IF NOT EXISTS sink_offsets
(
    kafka_topic_id FixedString(16),
    kafka_partition Int32,
    next_offset SimpleAggregateFunction(max, Int64),
    updated_at SimpleAggregateFunction(max, DateTime('UTC')) DEFAULT now()
)
ENGINE = AggregatingMergeTree
ORDER BY (kafka_topic_id, kafka_partition)
TTL updated_at + INTERVAL 400 DAY;
