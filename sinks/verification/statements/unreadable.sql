-- Dead letters that do not tell which event they are.
SELECT uniqExact(event_id)
FROM {ledger:Identifier}
WHERE source = 'dead' AND NOT readable
