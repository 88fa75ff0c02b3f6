-- One agent's missing numbers: lost where the event after them is old, late where it is fresh.
SELECT
    sumIf(missing, settled),
    sumIf(missing, NOT settled),
    groupArrayIf(5)((first, last), settled),
    groupArrayIf(5)((first, last), NOT settled)
FROM (
    SELECT
        before + 1 AS first,
        sequence - 1 AS last,
        sequence - before - 1 AS missing,
        seen_at < {settled_before:DateTime64(3, 'UTC')} AS settled
    FROM (
        SELECT sequence, seen_at, lagInFrame(sequence, 1, sequence) OVER (ORDER BY sequence) AS before
        FROM (
            SELECT sequence, min(event_time) AS seen_at
            FROM {seen:Identifier}
            WHERE tenant_id = {its_tenant:String}
                AND agent_id = {its_agent:String}
                AND sequence BETWEEN {first:Int64} AND {last:Int64}
            GROUP BY sequence
        )
    )
    WHERE missing > 0
    ORDER BY first
)
