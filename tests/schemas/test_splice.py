from typing import Any

from hypothesis import given

from schemas import catalog
from schemas.codec import decode, encode
from schemas.registry import analysis_definition
from tests.schemas.events import EXECUTED

EXECUTED_SCHEMA = catalog.latest("commands.executed-value")
ANALYZED_SCHEMA = catalog.latest("commands.analyzed-value")
ANALYSIS_SCHEMA = catalog.RegisteredSchema.of(
    "analysis", analysis_definition(ANALYZED_SCHEMA.definition, EXECUTED_SCHEMA.definition)
)


@given(EXECUTED)
def test_an_executed_datum_and_an_analysis_datum_make_an_analyzed_datum(event: dict[str, Any]) -> None:
    analysis = {
        "fingerprint": b"0123456789abcdef",
        "verdict": "critical",
        "summary": "100 % loss",
        "facts": {"loss_percent": "100"},
    }
    spliced = encode(EXECUTED_SCHEMA, event) + encode(ANALYSIS_SCHEMA, analysis)
    assert spliced == encode(ANALYZED_SCHEMA, event | analysis)
    record = decode(ANALYZED_SCHEMA, spliced)
    assert {name: record[name] for name in (event | analysis)} == event | analysis
