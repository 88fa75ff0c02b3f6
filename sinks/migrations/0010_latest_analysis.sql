-- An event may be analysed again (`netcopilot replay`): of its rows the one with the latest analysis stays, in whichever
-- order they arrive, and what is counted or remembered of it follows that analysis.
CREATE TABLE IF NOT EXISTS commands_by_arrival AS commands
ENGINE = ReplacingMergeTree(analyzed_at)
PARTITION BY toYYYYMM(UUIDv7ToDateTime(event_id, 'UTC'))
ORDER BY (tenant_id, device_id, started_at, event_id)
TTL toDateTime(inserted_at) + INTERVAL 400 DAY
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1,
    min_bytes_for_wide_part = 67108864;

-- From here on rows arrive in the new table, under the old name; those of the old one follow as they are.
-- unless: SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'commands' AND engine_full LIKE 'ReplacingMergeTree(analyzed_at)%'
EXCHANGE TABLES commands AND commands_by_arrival;

ALTER TABLE commands ATTACH PARTITION ALL FROM commands_by_arrival;

DROP TABLE IF EXISTS commands_by_arrival;

-- The verdict of each event, for counting by the minute: exact, and one for each event however often it was analysed or
-- delivered. In place of sets of ids by verdict, in which an event whose verdict changed stood twice.
CREATE TABLE IF NOT EXISTS command_verdicts
(
    tenant_id LowCardinality(String),
    minute DateTime('UTC') CODEC(Delta, ZSTD(1)),
    device_id LowCardinality(String),
    event_id UUID CODEC(ZSTD(1)),
    os_type LowCardinality(String),
    verdict LowCardinality(String),
    analyzed_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = ReplacingMergeTree(analyzed_at)
PARTITION BY toYear(minute)
ORDER BY (tenant_id, minute, device_id, event_id)
TTL minute + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS command_verdicts_feed TO command_verdicts AS
SELECT
    tenant_id,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS minute,
    device_id,
    event_id,
    os_type,
    verdict,
    analyzed_at
FROM commands;

INSERT INTO command_verdicts (tenant_id, minute, device_id, event_id, os_type, verdict, analyzed_at)
SELECT
    tenant_id, toStartOfMinute(toDateTime(started_at, 'UTC')), device_id, event_id, os_type, verdict, analyzed_at
FROM commands;

CREATE OR REPLACE VIEW command_counts AS
SELECT tenant_id, minute, os_type, verdict, device_id, count() AS commands
FROM command_verdicts FINAL
GROUP BY tenant_id, minute, os_type, verdict, device_id
SETTINGS do_not_merge_across_partitions_select_final = 1;

DROP VIEW IF EXISTS command_stats_feed;

DROP TABLE IF EXISTS command_stats;

-- A device's last verdict is the latest analysis of its last event.
ALTER TABLE devices
    ADD COLUMN IF NOT EXISTS last_verdict
        AggregateFunction(argMax, String, Tuple(DateTime64(6, 'UTC'), DateTime64(6, 'UTC'))) AFTER command;

DROP VIEW IF EXISTS devices_feed;

CREATE MATERIALIZED VIEW devices_feed TO devices AS
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
    argMaxState(toString(c.verdict), (started_at, c.analyzed_at)) AS last_verdict,
    max(toDateTime(inserted_at, 'UTC')) AS updated_at
FROM commands AS c
GROUP BY tenant_id, device_id;

-- What arrived while the view was away is among these; a state that is there twice is there once.
INSERT INTO devices
    (tenant_id, device_id, first_seen, last_seen, hostname, os_type, agent_id, labels, command, last_verdict, updated_at)
SELECT
    tenant_id,
    toString(device_id),
    min(started_at),
    max(started_at),
    argMaxState(toString(c.hostname), started_at),
    argMaxState(toString(c.os_type), started_at),
    argMaxState(toString(c.agent_id), started_at),
    argMaxState(CAST(c.labels, 'Map(String, String)'), started_at),
    argMaxState(c.command, started_at),
    argMaxState(toString(c.verdict), (started_at, c.analyzed_at)),
    max(toDateTime(inserted_at, 'UTC'))
FROM commands AS c
GROUP BY tenant_id, device_id;

CREATE OR REPLACE VIEW device_list AS
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
    argMaxMerge(d.last_verdict) AS last_verdict
FROM devices AS d
GROUP BY tenant_id, device_id;

ALTER TABLE devices DROP COLUMN IF EXISTS verdict;

-- What was typed is paired by its first arrival, so that no later one counts anew: that is kept for as long as the event.
ALTER TABLE typed_commands MODIFY TTL toDateTime(inserted_at) + INTERVAL 400 DAY;
