import io
from typing import Any

import pytest
import textfsm
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.analysis.parsers.textfsm_table import TextFSMTable

_OPTIONS = ("Required", "Filldown", "Fillup", "List", "Key")
_PATTERNS = (r"(\w)", r"(\d+)", r"(.*)", r"(x?)", r"(a|(?P<inner>b))", r"((?P<left>\w)(?P<right>\d?))")
_LITERALS = ("", "a", "b", "x", ".", r"\s*")
_ACTIONS = (
    "", " -> Record", " -> Continue", " -> Continue.Record", " -> Next.Clear", " -> Clearall", " -> Other",
    " -> Record Start", " -> Continue.Clearall", " -> Error", ' -> Error "said so"', " -> End", " -> EOF",
    " -> Next.Record Other",
)  # fmt: skip
_USUAL = ("", " -> Record", " -> Continue", " -> Continue.Record")
_TEXTS = st.lists(st.text("ab1x ", min_size=1, max_size=4), min_size=4, max_size=12).map("\n".join)


@st.composite
def _templates(draw: st.DrawFn) -> str:
    """Return a template of up to four values and two states; not every one is valid."""
    names = ["ONE", "TWO", "THREE", "FOUR"][: draw(st.integers(1, 4))]
    values = []
    for name in names:
        chosen = draw(st.lists(st.sampled_from(_OPTIONS), unique=True, max_size=2))
        values.append(" ".join(filter(None, ["Value", ",".join(chosen), name, draw(st.sampled_from(_PATTERNS))])))
    assigned = st.lists(st.sampled_from([f"${{{name}}}" for name in names]), unique=True, max_size=2)
    rule = st.tuples(
        st.sampled_from(_LITERALS), assigned.map(r"\s*".join), st.sampled_from(_USUAL) | st.sampled_from(_ACTIONS)
    )
    rules = st.lists(rule.map(lambda parts: "  ^" + "".join(parts)), min_size=1, max_size=5)
    states = ["Start", *draw(rules), "", "Other", *draw(rules)]
    ending = draw(st.sampled_from([[], ["", "EOF"], ["", "End"]]))
    return "\n".join([*values, "", *states, *ending, ""])


def _by_library(template: str, text: str) -> Any:
    """Return header and records as textfsm makes them, texts of lists as its tables hold them; or its complaint."""
    fsm = textfsm.TextFSM(io.StringIO(template))
    try:
        records = fsm.ParseText(text)
    except (textfsm.TextFSMError, TypeError) as error:
        return type(error)
    texts = [[[str(item) for item in cell] if isinstance(cell, list) else cell for cell in row] for row in records]
    return [dict(zip((name.lower() for name in fsm.header), row, strict=True)) for row in texts]


def _by_us(template: str, text: str) -> Any:
    try:
        return [dict(row.values) for row in TextFSMTable(template).rows(text, 0)]
    except (textfsm.TextFSMError, TypeError) as error:
        return type(error)


@settings(max_examples=400, deadline=None)
@given(_templates(), _TEXTS)
def test_any_template_reads_any_text_as_textfsm_does(template: str, text: str) -> None:
    try:
        textfsm.TextFSM(io.StringIO(template))
    except (textfsm.TextFSMTemplateError, ValueError, TypeError):
        return
    assert _by_us(template, text) == _by_library(template, text)


@pytest.mark.parametrize(
    "options", ["Fillup", "Filldown", "List", "List,Filldown", "Required,List", "Filldown,Required"]
)
def test_each_option_does_what_it_does_in_textfsm(options: str) -> None:
    values = f"Value {options} ONE (\\d+)\nValue TWO (\\w+)\n\n"
    template = f"{values}Start\n  ^one ${{ONE}}\n  ^two ${{TWO}} -> Record\n  ^clear -> Clear\n  ^all -> Clearall\n"
    text = "two a\ntwo b\none 5\ntwo c\ntwo d\none 6\none 7\nclear\ntwo e\nall\ntwo f\none 8\n"
    assert _by_us(template, text) == _by_library(template, text)


_PORTS = "Value Filldown SLOT (\\d+)\nValue Required PORT (\\w+)\nValue List VLANS (\\d+)\n\n"


def test_records_know_the_lines_that_assigned_to_them() -> None:
    states = "Start\n  ^slot ${SLOT}\n  ^port ${PORT}\n  ^ vlan ${VLANS}\n  ^$$ -> Record\n"
    rows = TextFSMTable(_PORTS + states).rows("slot 1\nport a\n vlan 5\n vlan 6\n\nport b\n\n", 10)
    assert [(row.values["port"], row.values["vlans"], row.first, row.last) for row in rows] == [
        ("a", ["5", "6"], 10, 13),
        ("b", [], 15, 15),
    ]


@pytest.mark.parametrize(("last_rule", "strict"), [("  ^. -> Error\n", True), ("", False)])
def test_a_template_that_refuses_unknown_lines_is_strict(last_rule: str, strict: bool) -> None:
    assert TextFSMTable(f"{_PORTS}Start\n  ^port ${{PORT}} -> Record\n{last_rule}").strict is strict


def test_a_refused_line_is_named() -> None:
    table = TextFSMTable(_PORTS + 'Start\n  ^. -> Error "unknown line"\n')
    with pytest.raises(textfsm.TextFSMError, match=r"unknown line.*Input Line: what is this"):
        table.rows("what is this", 0)
