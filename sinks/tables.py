"""The names of the tables and views, for everyone who reads or writes them.

Columns are described by the migrations. `COMMANDS`, `COMMAND_COUNTS` and `DEVICE_LIST` are for readers: the first may
show an event twice until a merge (`FINAL`, or `LIMIT 1 BY event_id`), the others never do.
`COMMAND_VERDICTS` and `DEVICES` are what the two views count and sum up.
"""

COMMANDS = "commands"
ANALYSES = "analyses"
COMMAND_VERDICTS = "command_verdicts"
COMMAND_COUNTS = "command_counts"
TYPED_COMMANDS = "typed_commands"
NEXT_COMMANDS = "next_commands"
HABITS = "habits"
NEXT_COMMAND_STEPS = "next_command_steps"
SWEEPS = "sweeps"
DEVICES = "devices"
DEVICE_LIST = "device_list"
SINK_OFFSETS = "sink_offsets"
AUDIT_LOG = "audit_log"
SCHEMA_MIGRATIONS = "schema_migrations"
MIGRATION_LEASES = "migration_leases"
