"""The stream processors: command executions in, analysed executions out."""
