-- Per minute and device. The state is a set of event ids, so an event that arrives twice counts once; up to some
-- thousand ids a state is exact, which is why `command_counts` finishes every state before anything is summed up.
CREATE TABLE IF NOT EXISTS command_stats
(
    tenant_id LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta, ZSTD(1)),
    os_type LowCardinality(String),
    verdict LowCardinality(String),
    device_id LowCardinality(String),
    events AggregateFunction(uniqCombined64, UUID) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(minute)
ORDER BY (tenant_id, minute, os_type, verdict, device_id)
TTL minute + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS command_stats_feed TO command_stats AS
SELECT
    tenant_id,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS minute,
    os_type,
    verdict,
    device_id,
    uniqCombined64State(event_id) AS events
FROM commands
GROUP BY tenant_id, minute, os_type, verdict, device_id;

CREATE VIEW IF NOT EXISTS command_counts AS
SELECT tenant_id, minute, os_type, verdict, device_id, uniqCombined64Merge(events) AS commands
FROM command_stats
GROUP BY tenant_id, minute, os_type, verdict, device_id;

CREATE TABLE IF NOT EXISTS devices
(
    tenant_id LowCardinality(String),
    device_id String,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    hostname AggregateFunction(argMax, String, DateTime64(6, 'UTC')),
    os_type AggregateFunction(argMax, String, DateTime64(6, 'UTC')),
    agent_id AggregateFunction(argMax, String, DateTime64(6, 'UTC')),
    labels AggregateFunction(argMax, Map(String, String), DateTime64(6, 'UTC')),
    command AggregateFunction(argMax, String, DateTime64(6, 'UTC')),
    verdict AggregateFunction(argMax, String, DateTime64(6, 'UTC')),
    updated_at SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (tenant_id, device_id)
TTL updated_at + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS devices_feed TO devices AS
SELECT
    tenant_id,
    toString(device_id) AS device_id,
    min(started_at) AS first_seen,
    max(started_at) AS last_seen,
    argMaxState(toString(c.hostname), started_at) AS hostname,
    argMaxState(toString(c.os_type), started_at) AS os_type,
    argMaxState(toString(c.agent_id), started_at) AS agent_id,
    argMaxState(CAST(c.labels, 'Map(String, String)'), started_at) AS labels,
    argMaxState(c.command, started_at) AS command,
    argMaxState(toString(c.verdict), started_at) AS verdict,
    max(toDateTime(inserted_at, 'UTC')) AS updated_at
FROM commands AS c
GROUP BY tenant_id, device_id;

CREATE VIEW IF NOT EXISTS device_list AS
SELECT
    tenant_id,
    device_id,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen,
    argMaxMerge(d.hostname) AS hostname,
    argMaxMerge(d.os_type) AS os_type,
    argMaxMerge(d.agent_id) AS agent_id,
    argMaxMerge(d.labels) AS labels,
    argMaxMerge(d.command) AS last_command,
    argMaxMerge(d.verdict) AS last_verdict
FROM devices AS d
GROUP BY tenant_id, device_id;

-- How often one command follows another in a session, for suggestions.
CREATE TABLE IF NOT EXISTS command_transitions
(
    tenant_id LowCardinality(String),
    os_type LowCardinality(String),
    previous_template String,
    next_template String,
    day Date,
    events AggregateFunction(uniqCombined64, UUID)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (tenant_id, os_type, previous_template, next_template, day)
TTL day + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;
