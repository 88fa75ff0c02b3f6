-- Numbers under which more than one event came: copies of one execution, or two executions.
SELECT
    tenant_id,
    agent_id,
    countIf(executions < events),
    countIf(executions = events),
    groupArraySortedIf(5)(sequence, executions < events)
FROM (
    SELECT tenant_id, agent_id, sequence, uniqExact(event_id) AS events, uniqExact(started) AS executions
    FROM {seen:Identifier}
    WHERE sequence > 0
        AND cityHash64(tenant_id, agent_id, sequence) % {shares:UInt64} = {share:UInt64}
        AND ({tenant:String} = '' OR tenant_id = {tenant:String})
        AND ({agent:String} = '' OR agent_id = {agent:String})
        AND event_time >= {since:DateTime64(3, 'UTC')}
        AND event_time < {until:DateTime64(3, 'UTC')}
    GROUP BY tenant_id, agent_id, sequence
    HAVING events > 1
)
GROUP BY tenant_id, agent_id
