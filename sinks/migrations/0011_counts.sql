-- A row for each event: whoever sums up groups anyway, and grouping by device first costs as much again.
CREATE OR REPLACE VIEW command_counts AS
SELECT tenant_id, minute, os_type, verdict, device_id, toUInt64(1) AS commands
FROM command_verdicts FINAL
SETTINGS do_not_merge_across_partitions_select_final = 1;
