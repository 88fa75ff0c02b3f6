"""Kafka to ClickHouse: tables and migrations, exactly-once delivery, dead letters."""
