-- What version 2 of Analysis adds, and where each answer stood in Kafka.
ALTER TABLE analyses
    ADD COLUMN IF NOT EXISTS outcome LowCardinality(String) AFTER confidence,
    ADD COLUMN IF NOT EXISTS event_id UUID AFTER outcome,
    ADD COLUMN IF NOT EXISTS prompt_tokens Int64 AFTER event_id,
    ADD COLUMN IF NOT EXISTS completion_tokens Int64 AFTER prompt_tokens,
    ADD COLUMN IF NOT EXISTS kafka_topic_id FixedString(16) AFTER completion_tokens,
    ADD COLUMN IF NOT EXISTS kafka_partition Int32 AFTER kafka_topic_id,
    ADD COLUMN IF NOT EXISTS kafka_offset Int64 AFTER kafka_partition;
