-- Rows that name places of the topic as it was read: at the place of their own event, or of another.
SELECT
    kafka_partition,
    countIf(known),
    countIf(NOT known),
    groupArraySortedIf(5)(toString(event_id), NOT known)
FROM (
    SELECT
        c.kafka_partition AS kafka_partition,
        c.event_id AS event_id,
        (c.event_id, c.kafka_partition, c.kafka_offset) IN (
            SELECT event_id, kafka_partition, kafka_offset
            FROM {ledger:Identifier}
            WHERE source = 'analyzed' AND cityHash64(event_id) % {shares:UInt64} = {share:UInt64}) AS known
    FROM commands AS c
    INNER JOIN (
        SELECT kafka_partition, min(kafka_offset) AS first, max(kafka_offset) AS last
        FROM {ledger:Identifier}
        WHERE source = 'analyzed'
        GROUP BY kafka_partition
    ) AS held ON held.kafka_partition = c.kafka_partition
    WHERE c.kafka_topic_id = unhex({topic_id:String})
        AND c.kafka_offset BETWEEN held.first AND held.last
        AND cityHash64(c.event_id) % {shares:UInt64} = {share:UInt64}
        AND ({tenant:String} = '' OR c.tenant_id = {tenant:String})
        AND ({agent:String} = '' OR c.agent_id = {agent:String})
        AND c.event_time >= {since:DateTime64(3, 'UTC')}
        AND c.event_time < {until:DateTime64(3, 'UTC')}
)
GROUP BY kafka_partition
