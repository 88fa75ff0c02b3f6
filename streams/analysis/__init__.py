"""The analysis engine: a command's output in, an analysis out. Pure and deterministic, no I/O."""

from streams.analysis.analysis import Analysis, ParseStatus
from streams.analysis.engine import Engine
from streams.analysis.execution import Execution
from streams.analysis.finding import Finding, Severity

__all__ = ["Analysis", "Engine", "Execution", "Finding", "ParseStatus", "Severity"]
