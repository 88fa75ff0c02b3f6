-- Who did what through the API; written by the API, read by auditors.
CREATE TABLE IF NOT EXISTS audit_log
(
    at DateTime64(6, 'UTC') DEFAULT now64(6) CODEC(Delta, ZSTD(1)),
    tenant_id LowCardinality(String),
    actor String,
    action LowCardinality(String),
    resource String,
    outcome LowCardinality(String),
    request_id String,
    remote_address String,
    details Map(LowCardinality(String), String)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (tenant_id, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
