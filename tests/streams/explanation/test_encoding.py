from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas import catalog, wire
from schemas.codec import decode, encode
from schemas.errors import DatumError
from schemas.registry import PackageRegistry
from schemas.topics import ANALYSES, ANALYSES_REQUESTED
from streams.explanation.encoding import Encoding
from streams.explanation.explain import explain
from tests.streams.explanation.explainers import request_value
from tests.streams.explanation.samples import answer, loss_request, requested_record
from tests.streams.explanation.scripted_model import ScriptedModel

ENCODING = Encoding(PackageRegistry())


def test_a_request_comes_as_it_went() -> None:
    request = loss_request(requested_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))
    assert ENCODING.request(request_value(request)) == request


def test_a_request_of_the_first_version_still_counts() -> None:
    first = next(schema for schema in catalog.released() if schema.subject == ANALYSES_REQUESTED.subject)
    assert first.version == 1
    request = loss_request()
    value = wire.frame(first.schema_id, encode(first, requested_record(request)))
    read = ENCODING.request(value)
    assert (read.fingerprint, read.findings, read.shared) == (request.fingerprint, (), False)


async def test_an_explanation_is_the_topics_newest_record() -> None:
    request = replace(loss_request(), tenant_id="t")
    made = await explain(request, ScriptedModel.saying(answer()))
    schema_id, datum = wire.unframe(ENCODING.explanation(made))
    record = decode(catalog.by_id(schema_id), datum)
    assert catalog.by_id(schema_id) == catalog.latest(ANALYSES.subject)
    assert (record["outcome"], record["likely_causes"]) == ("EXPLAINED", ["A link on the way is congested."])
    assert record["suggestions"] == [
        {"command": "traceroute {subject}", "reason": "It shows where packets get lost.", "risk": "READ_ONLY"}
    ]


@pytest.mark.parametrize("value", [None, b"", b"junk", b"\0\0\0\0\1x"])
def test_junk_is_told_apart(value: bytes | None) -> None:
    with pytest.raises(DatumError):
        ENCODING.request(value)
