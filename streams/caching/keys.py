"""The names of everything that stands in Redis; whoever reads or writes there takes them from here.

    netcopilot:output:{version}:{tenant}:{digest}            the analysis of an output, as bytes
    netcopilot:explained:{version}:{tenant}:{fingerprint}    a fingerprint's explanation
    netcopilot:requested:{version}:{tenant}:{fingerprint}    that an explanation is asked for
    netcopilot:explaining:{version}:{tenant}:{fingerprint}   who explains it at this moment
    netcopilot:tokens:{day}:{tenant}                         tokens that explanations used on a day (UTC)
    netcopilot:purges                                        a stream of what was purged, for the workers' memories
    netcopilot:events                                        executions analysed, by cache status

`version` names what a value depends on beside its key (`cache_version` for outputs, the prompt's version for
explanations): another release finds nothing of this one's. Digests are raw bytes, fingerprints hexadecimal. A tenant
may hold any byte; what follows it has a fixed length, so that no two keys are the same.
"""

OUTPUTS = b"netcopilot:output:"
EXPLAINED = b"netcopilot:explained:"
REQUESTED = b"netcopilot:requested:"
EXPLAINING = b"netcopilot:explaining:"
TOKENS = b"netcopilot:tokens:"
PURGES = b"netcopilot:purges"
PURGE = b"purge"
"""The field of its entries, JSON (streams/caching/purge.py)."""
EVENTS = b"netcopilot:events"


def output_key(version: str, tenant: bytes, digest: bytes) -> bytes:
    """Return where the analysis of an output stands."""
    return b"%b%b:%b:%b" % (OUTPUTS, version.encode(), tenant, digest)


def explained_key(version: str, tenant_id: str, fingerprint: bytes) -> bytes:
    """Return where the explanation of a fingerprint stands, as a prompt of that version gave it."""
    return _fingerprint_key(EXPLAINED, version, tenant_id, fingerprint)


def requested_key(version: str, tenant_id: str, fingerprint: bytes) -> bytes:
    """Return what marks that an explanation is asked for."""
    return _fingerprint_key(REQUESTED, version, tenant_id, fingerprint)


def explaining_key(version: str, tenant_id: str, fingerprint: bytes) -> bytes:
    """Return the lock of who explains a fingerprint."""
    return _fingerprint_key(EXPLAINING, version, tenant_id, fingerprint)


def tokens_key(day: str, tenant_id: str) -> bytes:
    """Return where a tenant's tokens of a day (YYYY-MM-DD) are counted."""
    return b"%b%b:%b" % (TOKENS, day.encode(), tenant_id.encode())


def pattern(prefix: bytes, tenant_id: str | None = None) -> bytes:
    """Return the glob (SCAN's MATCH) of a tenant's keys under one of the prefixes, or of everyone's."""
    tenant = b"*" if tenant_id is None else _escaped(tenant_id.encode()) + b":*"
    return b"%b*:%b" % (prefix, tenant)


def _fingerprint_key(prefix: bytes, version: str, tenant_id: str, fingerprint: bytes) -> bytes:
    return b"%b%b:%b:%b" % (prefix, version.encode(), tenant_id.encode(), fingerprint.hex().encode())


def _escaped(text: bytes) -> bytes:
    for special in (b"\\", b"*", b"?", b"[", b"]"):
        text = text.replace(special, b"\\" + special)
    return text
