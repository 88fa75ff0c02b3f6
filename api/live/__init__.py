"""Analysed events as they happen: read once from Kafka, decoded once, serialised once, for all who listen."""
