"""Analysing on request: outputs that a client hands in, by the same engine as the stream's."""
