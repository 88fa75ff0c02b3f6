"""`netcopilot analyze`: the analysis of outputs that are at hand, without any service running."""
