"""`netcopilot verify`: holds agents' sequences, topics and tables against each other."""
