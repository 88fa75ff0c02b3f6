"""What a model said of fingerprints."""

from collections.abc import Sequence

from api.queries.statement import Statement
from sinks.tables import ANALYSES


def explanations(fingerprints: Sequence[str]) -> Statement:
    """Return the query for the newest answer about each fingerprint, 32 hexadecimal digits each."""
    clauses = (
        "SELECT lower(hex(a.fingerprint)) AS fingerprint, a.outcome AS outcome, a.explanation AS explanation,",
        "a.likely_causes AS likely_causes, a.suggestions AS suggestions, a.model AS model,",
        "a.prompt_version AS prompt_version, a.confidence AS confidence,",
        "formatDateTime(a.created_at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS created_at",
        f"FROM {ANALYSES} AS a",
        "PREWHERE a.tenant_id = {tenant:String}",
        "AND a.fingerprint IN (SELECT toFixedString(unhex(arrayJoin({fingerprints:Array(String)})), 16))",
        "ORDER BY a.created_at DESC LIMIT 1 BY a.fingerprint",
    )
    return Statement("explanations", "\n".join(clauses), {"fingerprints": list(fingerprints)})
