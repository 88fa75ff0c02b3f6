import pytest

from streams.analysis.analysis import ParseStatus
from streams.analysis.command_line import read_command
from streams.analysis.document import read_document
from streams.analysis.parsers.json_output import carried_text, looks_like_json, parse_json
from streams.analysis.parsers.parse import UNPARSED


@pytest.mark.parametrize("output", ['{"a": 1}\n', "[1, 2]", " \n{}\n", "[]"])
def test_json_is_parsed_as_it_is(output: str) -> None:
    document = read_document(output, read_command("show x | json"))
    assert looks_like_json(document.text)
    result = parse_json(document)
    assert result.status is ParseStatus.PARSED
    assert result.understood


@pytest.mark.parametrize("output", ["{not json}", "[1, 2,]", "{" * 100_000 + "}" * 100_000])
def test_what_only_looks_like_json_is_not_parsed(output: str) -> None:
    assert parse_json(read_document(output, read_command("x"))) is UNPARSED


def test_text_is_not_taken_for_json() -> None:
    assert not looks_like_json("up {}\n")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"output": "BGP is down\n"}, "BGP is down\n"),
        ({"output": [{"data": "OSPF instance is not running"}]}, "OSPF instance is not running"),
        ({"output": 7}, None),
        ({"output": "x", "status": "ok"}, None),
        (["x"], None),
    ],
)
def test_carried_texts_are_found(data: object, text: str | None) -> None:
    assert carried_text(data) == text
