-- What a model said of a fingerprint; the newest answer replaces older ones. The columns are the fields of Analysis.
CREATE TABLE IF NOT EXISTS analyses
(
    tenant_id LowCardinality(String),
    fingerprint FixedString(16),
    created_at DateTime64(6, 'UTC'),
    model LowCardinality(String),
    prompt_version LowCardinality(String),
    rules_version LowCardinality(String),
    explanation String CODEC(ZSTD(3)),
    likely_causes Array(String),
    suggestions Array(Tuple(command String, reason String, risk LowCardinality(String))),
    confidence Float64,
    inserted_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(created_at)
ORDER BY (tenant_id, fingerprint)
TTL toDateTime(inserted_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;
