-- Command executions with their analysis: the columns are the fields of CommandAnalyzed under the same names, then
-- where the event stood in Kafka. Ordered for "this device, newest first"; the month of the id's own time is the
-- partition, so that `event_id = ...` alone prunes all other months, and a bloom filter finds the granule in it.
-- Retention counts from the arrival: a device's clock may be wrong by years. Granules are small because the look-ups read
-- few rows, and outputs are large.
CREATE TABLE IF NOT EXISTS commands
(
    event_id UUID,
    tenant_id LowCardinality(String),
    device_id LowCardinality(String),
    hostname LowCardinality(String),
    agent_id LowCardinality(String),
    agent_version LowCardinality(String),
    user_id LowCardinality(String),
    session_id Nullable(String),
    sequence Int64 CODEC(Delta, ZSTD(1)),
    started_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    ended_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    duration_us Int64 CODEC(T64, ZSTD(1)),
    trace_id Nullable(String),
    labels Map(LowCardinality(String), String),
    redaction_version LowCardinality(String),
    redactions Int32 CODEC(T64, ZSTD(1)),
    output_bytes Int64 CODEC(T64, ZSTD(1)),
    output_truncated Bool,
    output_sha256 String CODEC(ZSTD(1)),
    os_type LowCardinality(String),
    command String CODEC(ZSTD(1)),
    status LowCardinality(String),
    exit_code Nullable(Int32),
    output String CODEC(ZSTD(3)),
    analyzed_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    analysis_latency_us Int64 CODEC(T64, ZSTD(1)),
    cache_status LowCardinality(String),
    fingerprint FixedString(16),
    parser LowCardinality(String),
    parser_version LowCardinality(String),
    parse_status LowCardinality(String),
    rules_version LowCardinality(String),
    verdict LowCardinality(String),
    summary String CODEC(ZSTD(1)),
    findings Array(Tuple(
        kind LowCardinality(String),
        severity LowCardinality(String),
        subject String,
        evidence String,
        line_start Int32,
        line_end Int32,
        facts Map(String, String),
        source LowCardinality(String))) CODEC(ZSTD(1)),
    facts Map(LowCardinality(String), String),
    command_template LowCardinality(String),
    kafka_topic_id FixedString(16) COMMENT 'The topic''s incarnation: its KIP-516 id' CODEC(ZSTD(1)),
    kafka_partition Int32 CODEC(ZSTD(1)),
    kafka_offset Int64 CODEC(Delta, ZSTD(1)),
    event_time DateTime64(3, 'UTC') MATERIALIZED UUIDv7ToDateTime(event_id, 'UTC') CODEC(Delta, ZSTD(1)),
    inserted_at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1)),
    INDEX by_event_id event_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX by_event_time event_time TYPE minmax GRANULARITY 1,
    INDEX by_started_at started_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(UUIDv7ToDateTime(event_id, 'UTC'))
ORDER BY (tenant_id, device_id, started_at, event_id)
TTL toDateTime(inserted_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
