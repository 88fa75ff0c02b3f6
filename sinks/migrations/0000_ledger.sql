-- What the migrator itself needs; run before every other statement, recorded nowhere.
CREATE TABLE IF NOT EXISTS schema_migrations
(
    version UInt32,
    name String,
    checksum FixedString(64),
    applied_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY version;

CREATE TABLE IF NOT EXISTS migration_leases
(
    holder UUID,
    turn UInt32,
    expires_at DateTime64(6, 'UTC')
)
ENGINE = MergeTree
ORDER BY (holder, turn)
TTL toDateTime(expires_at) + INTERVAL 1 DAY;
