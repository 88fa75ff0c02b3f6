"""What a model said of a fingerprint."""

from api.queries.statement import Statement
from sinks.tables import ANALYSES


def explanation(fingerprint: str) -> Statement:
    """Return the query for the newest answer about a fingerprint, 32 hexadecimal digits."""
    clauses = (
        "SELECT a.outcome AS outcome, a.explanation AS explanation, a.likely_causes AS likely_causes,",
        "a.suggestions AS suggestions, a.model AS model, a.prompt_version AS prompt_version,",
        "a.confidence AS confidence, formatDateTime(a.created_at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS created_at",
        f"FROM {ANALYSES} AS a",
        "PREWHERE a.tenant_id = {tenant:String} AND a.fingerprint = unhex({fingerprint:String})",
        "ORDER BY a.created_at DESC LIMIT 1",
    )
    return Statement("explanation", "\n".join(clauses), {"fingerprint": fingerprint})
