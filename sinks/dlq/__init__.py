"""`netcopilot dlq`: looking at dead letters, and sending them again."""
