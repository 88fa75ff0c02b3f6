-- How many events stay more than one row when all is merged.
SELECT count(), groupArraySorted(5)(toString(event_id))
FROM (
    SELECT event_id
    FROM commands FINAL
    WHERE event_id IN (
        SELECT event_id
        FROM commands
        WHERE cityHash64(event_id) % {shares:UInt64} = {share:UInt64}
            AND ({tenant:String} = '' OR tenant_id = {tenant:String})
            AND ({agent:String} = '' OR agent_id = {agent:String})
            AND event_time >= {since:DateTime64(3, 'UTC')}
            AND event_time < {until:DateTime64(3, 'UTC')}
        GROUP BY event_id
        HAVING count() > 1)
    GROUP BY event_id
    HAVING count() > 1
)
