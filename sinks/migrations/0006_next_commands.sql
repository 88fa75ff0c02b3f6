-- What people type, and what they typed next. `command_transitions` of 0003 was never filled: which command came before
-- cannot be seen by a view, whose blocks do not hold a session together. Now a view keeps the few columns that say who
-- typed what, and a roll-up in the sinks pairs each command with the one before (see `sinks.transitions`).
DROP TABLE IF EXISTS command_transitions;

-- Executions that a session or a person stands behind; an agent's watchlist has neither and is nobody's habit.
-- A sitting is what one person types in a session into systems of one kind, or without a session on one device. Of an
-- event that is delivered again the first arrival stays.
CREATE TABLE IF NOT EXISTS typed_commands
(
    tenant_id LowCardinality(String),
    sitting String DEFAULT concat(user_id, '\t', if(session_id = '', concat('on\t', device_id), concat('in\t', session_id,
        '\t', os_type))) CODEC(ZSTD(1)),
    started_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence Int64 CODEC(Delta, ZSTD(1)),
    event_id UUID,
    device_id LowCardinality(String),
    session_id String CODEC(ZSTD(1)),
    user_id LowCardinality(String),
    os_type LowCardinality(String),
    command String CODEC(ZSTD(1)),
    status LowCardinality(String),
    verdict LowCardinality(String),
    finding_kinds Array(LowCardinality(String)) CODEC(ZSTD(1)),
    inserted_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    precedence UInt64 DEFAULT bitNot(toUInt64(toUnixTimestamp64Micro(inserted_at))) CODEC(Delta, ZSTD(1)),
    INDEX by_inserted_at inserted_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(inserted_at)
ORDER BY (tenant_id, sitting, started_at, sequence, event_id)
TTL toDateTime(inserted_at) + INTERVAL 60 DAY
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS typed_commands_feed TO typed_commands AS
SELECT
    tenant_id, started_at, sequence, event_id, toString(device_id) AS device_id, ifNull(c.session_id, '') AS session_id,
    toString(user_id) AS user_id, os_type, command, status, verdict, c.findings.kind AS finding_kinds, inserted_at
FROM commands AS c
WHERE ifNull(c.session_id, '') != '' OR c.user_id != '';

-- What was typed before this release; a row that the view has seen too becomes one with itself.
INSERT INTO typed_commands
    (tenant_id, started_at, sequence, event_id, device_id, session_id, user_id, os_type, command, status, verdict,
    finding_kinds, inserted_at)
SELECT
    tenant_id, started_at, sequence, event_id, device_id, ifNull(c.session_id, ''), user_id, os_type, command, status,
    verdict, c.findings.kind, inserted_at
FROM commands AS c
WHERE (ifNull(c.session_id, '') != '' OR c.user_id != '') AND inserted_at > now() - INTERVAL 60 DAY;

-- How far the roll-up's sweeps have come, by `typed_commands.inserted_at` in microseconds since the Unix epoch.
CREATE TABLE IF NOT EXISTS sweeps
(
    sweep LowCardinality(String),
    done_until SimpleAggregateFunction(max, Int64),
    updated_at SimpleAggregateFunction(max, DateTime('UTC')) DEFAULT now()
)
ENGINE = AggregatingMergeTree
ORDER BY sweep
TTL updated_at + INTERVAL 400 DAY;

-- What people typed after what, by the week: `previous` is the key of the command before ('' beside it, for every
-- command, whatever came before), `verdict` what that one showed, `command` the form of what was typed next. The states
-- are sets of event ids, so a step that is counted again counts once. An event that arrives late stands between two that
-- were paired; the pair is then `withdrawn`, which no later count of the same pair undoes.
CREATE TABLE IF NOT EXISTS next_commands
(
    tenant_id LowCardinality(String),
    os_type LowCardinality(String),
    previous String CODEC(ZSTD(1)),
    command String CODEC(ZSTD(1)),
    verdict LowCardinality(String),
    week Date,
    events AggregateFunction(uniqCombined64(15), UUID) CODEC(ZSTD(1)),
    withdrawn AggregateFunction(uniqCombined64(15), UUID) CODEC(ZSTD(1)),
    failed AggregateFunction(uniqCombined64(15), UUID) CODEC(ZSTD(1)),
    denied AggregateFunction(uniqCombined64(15), UUID) CODEC(ZSTD(1)),
    users AggregateFunction(uniqCombined64(15), String) CODEC(ZSTD(1)),
    last_used SimpleAggregateFunction(max, DateTime('UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYear(week)
ORDER BY (tenant_id, os_type, previous, command, verdict, week)
TTL week + INTERVAL 400 DAY
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 10000;

-- What suggestions read: the numbers of `next_commands`, one row for each command and what it follows. They are counted
-- anew, as a whole, for what a pass of the roll-up touched; who began to count last knows most. A run weighs
-- 2 ^ (days since 2026-01-01 / 21), by the verdict of the command before: what is divided by today's weight has lost half
-- for every 21 days of its age, without being written again.
CREATE TABLE IF NOT EXISTS habits
(
    tenant_id LowCardinality(String),
    os_type LowCardinality(String),
    previous String CODEC(ZSTD(1)),
    command String CODEC(ZSTD(1)),
    weights Map(String, Float64),
    runs UInt64,
    failed UInt64,
    denied UInt64,
    users UInt64,
    last_used DateTime('UTC'),
    counted_at DateTime64(6, 'UTC')
)
ENGINE = ReplacingMergeTree(counted_at)
ORDER BY (tenant_id, os_type, previous, command)
TTL last_used + INTERVAL 400 DAY
SETTINGS index_granularity = 256;

-- The roll-up's way into `next_commands`, kept for as long as a pass takes to count what it touched.
CREATE TABLE IF NOT EXISTS next_command_steps
(
    pass UUID,
    tenant_id LowCardinality(String),
    os_type LowCardinality(String),
    previous String CODEC(ZSTD(1)),
    verdict LowCardinality(String),
    command String CODEC(ZSTD(1)),
    event_id UUID,
    user_id LowCardinality(String),
    outcome LowCardinality(String),
    withdrawn Bool,
    used_at DateTime('UTC'),
    made_at DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY toStartOfHour(made_at)
ORDER BY pass
TTL made_at + INTERVAL 6 HOUR
SETTINGS ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS next_commands_feed TO next_commands AS
SELECT
    tenant_id,
    os_type,
    previous,
    s.command AS command,
    verdict,
    toMonday(used_at) AS week,
    uniqCombined64State(15)(event_id) AS events,
    uniqCombined64StateIf(15)(event_id, s.withdrawn) AS withdrawn,
    uniqCombined64StateIf(15)(event_id, outcome = 'failed') AS failed,
    uniqCombined64StateIf(15)(event_id, outcome = 'denied') AS denied,
    uniqCombined64State(15)(toString(user_id)) AS users,
    max(used_at) AS last_used
FROM next_command_steps AS s
GROUP BY tenant_id, os_type, previous, command, verdict, week;
