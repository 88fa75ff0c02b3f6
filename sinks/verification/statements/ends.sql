-- The offset after the last message of each partition.
SELECT kafka_partition, max(kafka_offset) + 1
FROM {ledger:Identifier}
WHERE source = 'analyzed'
GROUP BY kafka_partition
