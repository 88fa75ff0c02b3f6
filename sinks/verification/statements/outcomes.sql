-- What became of a topic's messages, by partition: how many messages, of how many events.
SELECT kafka_partition, outcome, count(), uniqExact(event_id), groupArraySorted(5)(name)
FROM (
    SELECT
        kafka_partition,
        event_id,
        if(readable, toString(event_id), concat('offset ', toString(kafka_offset))) AS name,
        multiIf(
            event_id IN (
                SELECT event_id
                FROM commands
                WHERE cityHash64(event_id) % {shares:UInt64} = {share:UInt64}), 'OK',
            source = 'executed' AND event_id IN (
                SELECT event_id
                FROM {ledger:Identifier}
                WHERE source = 'analyzed' AND cityHash64(event_id) % {shares:UInt64} = {share:UInt64}), 'OK',
            event_id IN (
                SELECT event_id
                FROM {ledger:Identifier}
                WHERE source = 'dead' AND cityHash64(event_id) % {shares:UInt64} = {share:UInt64}), 'dead letter',
            due, 'LOST',
            'not yet') AS outcome
    FROM {ledger:Identifier}
    WHERE source = {source:String}
        AND cityHash64(event_id) % {shares:UInt64} = {share:UInt64}
        AND ({tenant:String} = '' OR tenant_id = {tenant:String})
        AND ({agent:String} = '' OR agent_id = {agent:String})
        AND event_time >= {since:DateTime64(3, 'UTC')}
        AND event_time < {until:DateTime64(3, 'UTC')}
)
GROUP BY kafka_partition, outcome
