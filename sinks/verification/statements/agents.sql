-- Each agent's first and last number of the selected time, and how many it used between them at any time.
SELECT
    tenant_id,
    agent_id,
    minIf(sequence, selected) AS first,
    maxIf(sequence, selected) AS last,
    bitmapCardinality(bitmapSubsetInRange(
        groupBitmapState(toUInt64(sequence)), toUInt64(first), toUInt64(last) + 1)) AS numbers
FROM (
    SELECT
        tenant_id,
        agent_id,
        sequence,
        event_time >= {since:DateTime64(3, 'UTC')} AND event_time < {until:DateTime64(3, 'UTC')} AS selected
    FROM {seen:Identifier}
    WHERE sequence > 0
        AND ({tenant:String} = '' OR tenant_id = {tenant:String})
        AND ({agent:String} = '' OR agent_id = {agent:String})
)
GROUP BY tenant_id, agent_id
HAVING countIf(selected) > 0
ORDER BY tenant_id, agent_id
