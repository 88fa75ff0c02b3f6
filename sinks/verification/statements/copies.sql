-- How many events are rows, and how many of them more than one before a merge.
SELECT count(), countIf(copies > 1), groupArraySortedIf(5)(toString(event_id), copies > 1)
FROM (
    SELECT event_id, count() AS copies
    FROM commands
    WHERE cityHash64(event_id) % {shares:UInt64} = {share:UInt64}
        AND ({tenant:String} = '' OR tenant_id = {tenant:String})
        AND ({agent:String} = '' OR agent_id = {agent:String})
        AND event_time >= {since:DateTime64(3, 'UTC')}
        AND event_time < {until:DateTime64(3, 'UTC')}
    GROUP BY event_id
)
