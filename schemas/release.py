"""Releasing the schemas in `schemas/source`: a new file and a new id for each that changed."""

import json
from pathlib import Path

from schemas import catalog, compatibility
from schemas.errors import IncompatibleSchemaError
from schemas.topics import TOPICS


def release(folder: Path) -> list[str]:
    """Write a new version of every subject whose source changed; return what was written, as `subject version`.

    Args:
        folder: the checkout's `schemas/released`.

    Raises:
        IncompatibleSchemaError: a changed schema breaks FULL_TRANSITIVE; nothing was written.

    """
    index_file = folder / "index.json"
    index = json.loads(index_file.read_text("utf-8"))
    written = []
    for topic in TOPICS:
        if not topic.record or not compatibility.unreleased(topic.subject, topic.record):
            continue
        text = catalog.render(catalog.source(topic.record))
        reasons = compatibility.full_transitive(topic.subject, text)
        if reasons:
            raise IncompatibleSchemaError(f"{topic.subject}: " + "; ".join(reasons))
        version = 1 + sum(entry["subject"] == topic.subject for entry in index)
        path = folder / topic.subject / f"{version}.avsc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        index.append({"id": len(index) + 1, "subject": topic.subject, "version": version})
        written.append(f"{topic.subject} {version}")
    index_file.write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    return written
