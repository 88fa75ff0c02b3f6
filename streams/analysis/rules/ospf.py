"""OSPF neighbours that did not become adjacent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.case import Case
from streams.analysis.finding import Excerpt, Finding, Severity
from streams.analysis.json_records import Path, records
from streams.analysis.quoting import quote_members, quote_row
from streams.analysis.rules.rule import NOTHING_READ, Example, Family, Reading, Rule

_ABOUT_NEIGHBORS: Final = r"ospf.*\b(nei|nbr|peer|adj)|\bnei\S* .*ospf"
_STATE: Final = re.compile(
    r"^(?:full|2-?ways?|two-?way|init|down|attempt|atmp|ex-?st(?:art)?|exch\w*|load(?:ing)?)\b", re.IGNORECASE
)
_ADJACENT: Final = re.compile(r"^(?:full|2-?ways?|two-?way)\b", re.IGNORECASE)
_ADDRESS: Final = r"\d{1,3}(?:\.\d{1,3}){3}"
_STATE_WORDS: Final = (
    r"(?:FULL|Full|2-?WAY|2-?Way|TWO-?WAY|TwoWay|INIT|Init|DOWN|Down|ATTEMPT|Attempt|ATMP|EX-?ST(?:ART)?|ExStart"
    r"|EXCH(?:ANGE)?(?: START)?|Exchange|LOAD(?:ING)?|Loading)"
)
_TABLE_ROW: Final = re.compile(
    rf"^\s*(?:[A-Za-z][\w/.:-]*\s+)?(?P<neighbor>{_ADDRESS})\s+(?:{_ADDRESS}\s+)?(?:[\w/.:-]+\s+){{0,3}}?"
    rf"(?P<state>{_STATE_WORDS}(?:/\s*[\w-]+)?)(?:\s|$)"
)
_AREA_ROW: Final = re.compile(
    rf"^\s*{_ADDRESS}\s+[A-Za-z]\S*\s+(?P<neighbor>{_ADDRESS})\s+(?P<state>{_STATE_WORDS}(?:/\s*[\w-]+)?)(?:\s|$)"
)
_NETIRON_ROW: Final = re.compile(
    rf"^\s*[\w/]+\s+{_ADDRESS}\s+\d+\s+(?P<state>{_STATE_WORDS}(?:/\s*[\w-]+)?)\s+{_ADDRESS}\s+(?P<neighbor>{_ADDRESS})\s"
)
_PAIRS: Final = re.compile(rf"\brouter-id=(?P<neighbor>{_ADDRESS}).*\bstate=\"?(?P<state>[\w-]+)")
_NEIGHBOR: Final = re.compile(
    rf"^\s*Neighbor (?P<neighbor>{_ADDRESS}),? +(?:interface address|address|instance|VRF)\b"
    rf"|^\s*Router ID: (?P<router>{_ADDRESS})\s+Address:|^\s*neighbor address:\s+(?P<address>{_ADDRESS})\s*$"
    rf"|^\s*\d+ +instance=\S+ router-id=(?P<peer>{_ADDRESS})\s",
    re.IGNORECASE,
)
_NEIGHBOR_STATE: Final = re.compile(
    r"\b(?:(?:[Ss]tate(?::| is)?|status:) +|state=\"?)(?P<state>[A-Za-z0-9][\w-]*(?: start)?)"
)
_TEMPLATE: Final = re.compile(r"ospf\S*_neighbor|ospf_peer")
_NEIGHBOR_COLUMNS: Final = ("neighbor_id", "router_id", "neighbor", "ip_address", "address")
_NEIGHBOR_KEYS: Final = ("routerId", "rid", "neighbor-id", "neighborId", "nbrRouterId", "neighbor")
_STATE_KEYS: Final = ("adjacencyState", "ospf-neighbor-state", "nbrState", "state", "neighborState")


@dataclass(frozen=True, slots=True)
class _Neighbor:
    """A neighbour and its state; `quote` proves a state that is no adjacency."""

    name: str
    state: str
    quote: Excerpt | None
    line: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Every address on the neighbour's line: its identifier may be any of them."""
        return frozenset({self.name, *re.findall(_ADDRESS, self.line)})

    def is_one_with(self, other: "_Neighbor") -> bool:
        """Whether both are one adjacency: one router may be a neighbour on several links."""
        return self.names <= other.names or other.names <= self.names


def _read(case: Case) -> Reading:
    neighbors = list(_neighbors(case))
    if not neighbors:
        return NOTHING_READ
    adjacent = sum(neighbor.quote is None for neighbor in neighbors)
    findings = tuple(
        Finding.quoting(each.quote, "ospf.adjacency_down", Severity.CRITICAL, each.name, {"state": each.state})
        for each in neighbors
        if each.quote is not None
    )
    return Reading(
        findings,
        {"ospf_neighbors": str(len(neighbors)), "ospf_adjacent": str(adjacent)},
        f"{adjacent} of {len(neighbors)} OSPF neighbours adjacent",
        complete=case.command.only_mentions(_ABOUT_NEIGHBORS),
    )


def _neighbors(case: Case) -> Iterator[_Neighbor]:
    """Yield the neighbours of JSON, or of a table and of the lines that its template passed over."""
    if case.parse.parser == "json":
        yield from _from_json(case)
        return
    known = list(_from_rows(case)) if _TEMPLATE.search(case.template) else []
    yield from known
    yield from (neighbor for neighbor in _from_lines(case) if not any(neighbor.is_one_with(each) for each in known))


def _from_rows(case: Case) -> Iterator[_Neighbor]:
    for row in case.parse.rows:
        name = next((str(row.values[column]) for column in _NEIGHBOR_COLUMNS if row.values.get(column)), "")
        state = str(row.values.get("state", ""))
        if name and _STATE.match(state):
            words = [state.split("/", maxsplit=1)[0]]
            quote = None if _ADJACENT.match(state) else quote_row(case.document, row, name, words)
            yield _Neighbor(name, state, quote, " ".join(map(str, row.values.values())))


def _from_json(case: Case) -> Iterator[_Neighbor]:
    found: list[tuple[str, str, tuple[Path, Path]]] = []
    for record in records(case.parse.data):
        if record.lacks(_STATE_KEYS):
            continue
        name_key, state_key = record.name_of(*_NEIGHBOR_KEYS), record.name_of(*_STATE_KEYS)
        state = record.text(state_key)
        if not _STATE.match(state) or not (name_key or re.fullmatch(_ADDRESS, record.key)):
            continue
        name = record.text(name_key) if name_key else record.key
        paths = ((*record.path, name_key or state_key), (*record.path, state_key))
        found.append((name, state, paths))
    bad = [paths for _, state, paths in found if not _ADJACENT.match(state)]
    quotes = iter(quote_members(case.document, bad)) if bad else iter(())
    for name, state, _ in found:
        yield _Neighbor(name, state, None if _ADJACENT.match(state) else next(quotes))


def _from_lines(case: Case) -> Iterator[_Neighbor]:
    """Read tables of neighbours, and details that name a neighbour and state its state below."""
    document = case.document
    named: tuple[int, str] | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:300]
        if row := _row(line):
            adjacent = _ADJACENT.match(row["state"])
            yield _Neighbor(row["neighbor"], row["state"], None if adjacent else document.quote(number), line)
        elif neighbor := _NEIGHBOR.match(line):
            named = (number, next(filter(None, neighbor.groups())))
        elif named and (match := _NEIGHBOR_STATE.search(line)) and _STATE.match(match["state"]):
            first, name = named
            adjacent = _ADJACENT.match(match["state"])
            yield _Neighbor(name, match["state"], None if adjacent else document.quote(first, number), line)
            named = None


def _row(line: str) -> re.Match[str] | None:
    tables = (_AREA_ROW, _NETIRON_ROW, _TABLE_ROW)
    return next((match for table in tables if (match := table.match(line))), None) or _PAIRS.search(line)


FAMILY: Final = Family(
    name="ospf",
    about=_ABOUT_NEIGHBORS,
    rules=(
        Rule(
            kind="ospf.adjacency_down",
            severities=(Severity.CRITICAL,),
            threshold="a neighbour's state is neither FULL nor 2WAY",
            platforms="all network systems, FRR",
            description="An OSPF neighbour is known, and no adjacency stands.",
            phrase="OSPF neighbour {subject} is in state {state}",
            example=Example(
                "ios",
                "show ip ospf neighbor",
                "Neighbor ID     Pri   State           Dead Time   Address         Interface\n"
                "10.0.0.2          1   EXSTART/DR      00:00:37    10.1.1.2        GigabitEthernet0/1\n",
            ),
        ),
    ),
    read=_read,
)
