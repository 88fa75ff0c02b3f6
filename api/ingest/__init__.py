"""Executions that come over HTTP: checked, redacted, encoded and handed to Kafka."""
