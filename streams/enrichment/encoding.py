"""An analysis as the bytes that follow the executed datum in CommandAnalyzed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.catalog import RegisteredSchema
from schemas.codec import encode
from schemas.datum import zigzag
from schemas.registry import analysis_definition
from streams.analysis.analysis import Analysis

PER_EVENT_FIELDS = ("analyzed_at", "analysis_latency_us", "cache_status")
"""The first analysis fields: they differ with each execution, the rest may come from a cache."""


class CacheStatus(StrEnum):
    """Where an event's analysis came from; the symbols of cache_status, in the schema's order.

    MISS: made for this event. HIT_OUTPUT: the output was analysed before. HIT_FINGERPRINT: made for this event, and
    its fingerprint is explained. BYPASS: made anew, because the device was configured since.
    """

    UNKNOWN = "UNKNOWN"
    MISS = "MISS"
    HIT_OUTPUT = "HIT_OUTPUT"
    HIT_FINGERPRINT = "HIT_FINGERPRINT"
    BYPASS = "BYPASS"


@dataclass(frozen=True, slots=True)
class AnalysisEncoder:
    """Encodes the analysis fields of one CommandAnalyzed schema."""

    shared: RegisteredSchema
    """The analysis fields that executions may share, as a schema of their own."""

    @classmethod
    def between(cls, executed: RegisteredSchema, analyzed: RegisteredSchema) -> "AnalysisEncoder":
        """Return the encoder for what `analyzed` adds to `executed`.

        Raises:
            ValueError: the added fields do not begin with PER_EVENT_FIELDS.

        """
        definition = analysis_definition(analyzed.definition, executed.definition)
        names = tuple(field["name"] for field in definition["fields"][: len(PER_EVENT_FIELDS)])
        if names != PER_EVENT_FIELDS:
            raise ValueError(f"{analyzed.subject} version {analyzed.version}: analysis fields begin with {names}")
        shared = {**definition, "fields": definition["fields"][len(PER_EVENT_FIELDS) :]}
        return cls(RegisteredSchema.of(analyzed.subject, shared))

    def shared_part(self, analysis: Analysis) -> bytes:
        """Return the bytes a cache may hold."""
        return encode(self.shared, shared_fields(analysis))


def shared_fields(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as the fields of CommandAnalyzed that executions may share."""
    return {
        "fingerprint": analysis.fingerprint,
        "parser": analysis.parser,
        "parser_version": analysis.parser_version,
        "parse_status": str(analysis.parse_status),
        "rules_version": analysis.rules_version,
        "verdict": analysis.verdict,
        "summary": analysis.summary,
        "findings": [finding.record() | {"source": "RULE"} for finding in analysis.findings],
        "facts": analysis.facts,
        "command_template": analysis.command_template,
    }


def cache_status_part(cache_status: CacheStatus) -> bytes:
    """Return the encoding of a cache status."""
    return zigzag(list(CacheStatus).index(cache_status))
