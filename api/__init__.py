"""The HTTP API: history, statistics, live streams, ingest, the schema registry's read paths and the dashboard."""
