"""The gate a new schema version passes: FULL_TRANSITIVE, judged by Apache Avro's own checker."""

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse

from schemas import catalog


def incompatibilities(candidate: str, released: str) -> list[str]:
    """Return why two schemas cannot read each other's data, an empty list where they can (FULL)."""
    found = []
    for reader, writer, direction in (
        (candidate, released, "the new schema cannot read old data"),
        (released, candidate, "the old schema cannot read new data"),
    ):
        checker = ReaderWriterCompatibilityChecker()  # type: ignore[no-untyped-call]
        result = checker.get_compatibility(reader=parse(reader), writer=parse(writer))
        if result.compatibility is not SchemaCompatibilityType.compatible:
            found += [f"{direction}: {message}" for message in sorted(result.messages)] or [direction]
    return found


def full_transitive(subject: str, candidate: str) -> list[str]:
    """Return what keeps a candidate out of a subject, checked against every released version."""
    return [
        f"version {schema.version}: {reason}"
        for schema in catalog.released()
        if schema.subject == subject
        for reason in incompatibilities(candidate, schema.text)
    ]


def unreleased(subject: str, record: str) -> bool:
    """Tell whether the source of a subject's record differs from its newest released version."""
    try:
        newest = catalog.latest(subject)
    except KeyError:
        return True
    return newest.definition != catalog.source(record)
