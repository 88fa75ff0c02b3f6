"""From executed events to analysed ones: the worker's hot path."""
