"""Interfaces from text: `... is down, line protocol is down`, iproute2, ifconfig, ethtool, Junos, AOS."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from streams.analysis.document import Document
from streams.analysis.interfaces.interface import Interface, LinkState, Shown, link_state

_NAME: Final = r"(?:[A-Za-z][\w./:-]*|\d+[A-Za-z][\w./:-]*|[A-Za-z][\w-]* \d[\d./:]*)"
_IS: Final = re.compile(
    rf"^(?:(?:Interface|Lag) (?P<port>[\w./:-]+)|(?P<name>{_NAME}))(?: \"[^\"]*\",)?(?: current state ?:| is) ?"
    r"(?P<link>administratively down|admin down|up|down|deleted|reset|(?:disabled|shutdown)(?=,))\b"
    r"(?P<reason> ?\([^)]*\))?"
    r"(?:,? *(?:line|ipv[46]) protocol is (?P<protocol>administratively down|\S+))?",
    re.IGNORECASE,
)
_LINE_PROTOCOL: Final = re.compile(r"^\s*Line protocol (?:current )?(?:state|is) ?:? ?(?P<protocol>\w+)", re.IGNORECASE)
_BRACKETS: Final = re.compile(
    rf"^(?P<name>{_NAME})\s+\[\s*(?P<link>administratively down|up|down|deleted)/(?P<protocol>\w+)\s*\]"
)
_TRIPLE: Final = re.compile(
    r"^(?P<name>[A-Za-z][\w./-]*),? .*\bprotocol-(?P<protocol>up|down)/link-(?P<link>up|down)/admin-(?P<admin>up|down)"
)
_ALONE: Final = re.compile(r"^(?P<name>[A-Za-z][\w/.:-]*\d)\s*$")
_CURRENT_STATE: Final = re.compile(
    r"^\s*Current state: (?P<link>(?:Administratively |STP )?(?:UP|DOWN))\b", re.IGNORECASE
)
_IPROUTE: Final = re.compile(r"^\d+: (?P<name>[^:@\s]+)(?:@[^:\s]+)?: <(?P<flags>[^>]*)>(?:.* state (?P<state>\S+))?")
_IFCONFIG: Final = re.compile(r"^(?P<name>[\w.:-]+): flags=[0-9a-f]+<(?P<flags>[^>]*)>(?P<net_tools>  mtu)?")
_IFCONFIG_OLD: Final = re.compile(r"^(?P<name>\S+)\s+Link encap:")
_FLAG_WORDS: Final = re.compile(r"^\s+(?P<flags>[A-Z]+(?: [A-Z]+)*)\s+MTU:\d+")
_FRR_FLAGS: Final = re.compile(r"^\s+flags: <(?P<flags>[^>]*)>")
_BSD_STATUS: Final = re.compile(r"^\s+status: (?P<status>inactive|no carrier)")
_JUNOS: Final = re.compile(
    r"^Physical interface: (?P<name>[^,\s]+), (?P<admin>Enabled|Administratively down|Disabled)\s*,"
    r" Physical link is (?P<link>\w+)"
)
_ADMIN_STATE: Final = re.compile(r"^\s*admin state is (?P<admin>up|down)", re.IGNORECASE)
_AOS: Final = re.compile(r"^(?:Chassis/)?Slot/Port\s+(?P<name>[\d/]+)\s*:\s*$")
_AOS_STATUS: Final = re.compile(
    r"^\s*Operational Status\s*: (?P<link>up|down)(?P<admin>, \"?Admin-Down)?", re.IGNORECASE
)
_BRIEF: Final = re.compile(
    r"^(?P<name>[\w./-]+)(?:@\S+)?\s+(?P<state>UP|DOWN|UNKNOWN|LOWERLAYERDOWN)(?=\s|$)(?:.*<(?P<flags>[A-Z_,]+)>)?"
)
_SLAVE: Final = re.compile(r"^Slave Interface: (?P<name>\S+)")
_MII_STATUS: Final = re.compile(r"^MII Status: (?P<link>up|down)\b")
_ETHTOOL: Final = re.compile(r"^Settings for (?P<name>\S+):$")
_LINK_DETECTED: Final = re.compile(r"^\s*Link detected: (?P<detected>yes|no)\b")
_TERSE_HEADER: Final = re.compile(r"^Interface\s+Admin\s+(?:Link|Oper)\b")
_XR_HEADER: Final = re.compile(r"^\s+Name\s+State\s+State\b")
_XR_ROW: Final = re.compile(
    r"^\s+(?P<name>[A-Za-z][\w/.-]+)\s+(?P<link>up|down|admin-down)\s+(?P<protocol>up|down|admin-down)\s"
)
_PANOS: Final = re.compile(r"^Name: (?P<name>\S+), ID: \d+")
_PANOS_STATE: Final = re.compile(r"^\s*Runtime link \S+: \S+/(?P<link>up|down)\b")
_TERSE: Final = re.compile(r"^(?P<name>[a-z][\w/:.-]*)\s+(?P<admin>up|down)\s+(?P<link>up|down)\b")
_TRIPLE_HEADER: Final = re.compile(r"^\s+prot/link/admin\s*$")
_TRIPLE_ROW: Final = re.compile(
    r"^(?P<name>[A-Za-z][\w./-]*)\s+\S+\s+(?P<protocol>up|down)/(?P<link>up|down)/(?P<admin>up|down)\s*$"
)
_QUEUES_HEADER: Final = re.compile(r"^\s*Interface\s+IHQ\s+IQD\s")
_QUEUES_ROW: Final = re.compile(r"^(?P<star>\*)?\s*(?P<name>[A-Za-z][\w/.:-]+)(?:\s+(?:\d+|-)){9}\s*$")
_STATUS_HEADER: Final = re.compile(r"^Interface\s+Status\s+VRF\b")
_STATUS: Final = re.compile(r"^(?P<name>\S+)\s+(?P<link>up|down)\b")


_HINTS: Final = re.compile(
    r" is |current state|flags=|<|Link encap|^Physical |/link-| \[|\s(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\b|Slot/Port"
    r"|^Settings for|^Slave Int|, ID: |^\S+\d\s*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Block:
    """An interface's lines: what its header says, and what lines below it add."""

    name: str
    shown: Shown
    line: int
    end: int

    def amend(self, shown: Shown, line: int) -> None:
        """Take over better words from a line below the header."""
        self.shown, self.end = shown, line


def interfaces(document: Document) -> Iterator[Interface]:
    """Yield the interfaces that the lines of `document` show, in order."""
    for block in _blocks(document):
        state = link_state(block.shown)
        if state is None:
            continue
        quote = None if state is LinkState.UP else document.quote(block.line, block.end)
        yield Interface(block.name, state, str(block.shown), quote)


def _blocks(document: Document) -> Iterator[Block]:
    block: Block | None = None
    table: re.Pattern[str] | None = None
    for number in range(document.first, document.last):
        line = document.lines[number][:400]
        table = _table(line, table)
        opened = heading(line, number, table)
        if opened:
            if block:
                yield block
            block = opened
        elif block:
            _amend(block, line, number)
    if block:
        yield block


def _table(line: str, table: re.Pattern[str] | None) -> re.Pattern[str] | None:
    if _TERSE_HEADER.match(line):
        return _TERSE
    if _STATUS_HEADER.match(line):
        return _STATUS
    if _TRIPLE_HEADER.match(line):
        return _TRIPLE_ROW
    if _QUEUES_HEADER.match(line):
        return _QUEUES_ROW
    if _XR_HEADER.match(line):
        return _XR_ROW
    return table if line.strip() else None


def heading(line: str, number: int, table: re.Pattern[str] | None = None) -> Block | None:
    """Return the block that `line` begins, if it begins one; headings outside tables are never indented."""
    if match := table.match(line) if table else None:
        return Block(match["name"], _of_columns(match), number, number)
    if not line or (line[0].isspace() and "current state" not in line) or not _HINTS.search(line):
        return None
    for pattern, shown in _OPENERS:
        if match := pattern.match(line.lstrip()):
            groups = match.groupdict()
            return Block(groups["name"] or groups["port"], shown(match), number, number)
    return None


def _of_sentence(match: re.Match[str]) -> Shown:
    return Shown("", match["link"] + (match["reason"] or ""), (match["protocol"] or "").rstrip(","))


def _of_iproute(match: re.Match[str]) -> Shown:
    return _from_flags(match["flags"].split(","), (match["state"] or "").lower())


def _of_ifconfig(match: re.Match[str]) -> Shown:
    """Linux' net-tools clear RUNNING when the carrier is lost; BSD keeps it and prints a status line."""
    flags = match["flags"].split(",")
    stopped = bool(match["net_tools"]) and "RUNNING" not in flags
    return _from_flags(flags, "down" if stopped else "up")


def _of_junos(match: re.Match[str]) -> Shown:
    return Shown("up" if match["admin"] == "Enabled" else "down", match["link"])


def _of_brief(match: re.Match[str]) -> Shown:
    if match["flags"]:
        return _from_flags(match["flags"].split(","), match["state"].lower())
    return Shown(link=match["state"].lower())


def _of_columns(match: re.Match[str]) -> Shown:
    columns = match.groupdict("")
    if "star" in columns:
        return Shown(link="up" if columns["star"] else "not connected")
    return Shown(columns.get("admin", ""), columns["link"], columns.get("protocol", ""))


def _not_yet(_match: re.Match[str]) -> Shown:
    """Return nothing: the lines below say more."""
    return Shown()


_OPENERS: Final = (
    (_IS, _of_sentence),
    (_IPROUTE, _of_iproute),
    (_IFCONFIG, _of_ifconfig),
    (_JUNOS, _of_junos),
    (_BRIEF, _of_brief),
    (_BRACKETS, _of_columns),
    (_TRIPLE, _of_columns),
    (_ALONE, _not_yet),
    (_IFCONFIG_OLD, _not_yet),
    (_AOS, _not_yet),
    (_ETHTOOL, _not_yet),
    (_SLAVE, _not_yet),
    (_PANOS, _not_yet),
)


def _amend(block: Block, line: str, number: int) -> None:
    if match := _ADMIN_STATE.match(line):
        block.amend(Shown(match["admin"].lower(), block.shown.link, block.shown.protocol), number)
    elif match := _CURRENT_STATE.match(line):
        block.amend(Shown(link=match["link"]), number)
    elif block.shown.link and not block.shown.protocol and (match := _LINE_PROTOCOL.match(line)):
        block.amend(Shown(block.shown.admin, block.shown.link, match["protocol"]), number)
    elif match := _FRR_FLAGS.match(line):
        if "UP" not in match["flags"].split(","):
            block.amend(Shown("down", block.shown.link, block.shown.protocol), number)
    elif match := _BSD_STATUS.match(line):
        if block.shown.admin == "up":
            block.amend(Shown("up", "down"), number)
    elif match := _AOS_STATUS.match(line):
        block.amend(Shown("down" if match["admin"] else "", match["link"]), number)
    elif match := _PANOS_STATE.match(line) or _MII_STATUS.match(line):
        block.amend(Shown(link=match["link"]), number)
    elif match := _LINK_DETECTED.match(line):
        block.amend(Shown(link="up" if match["detected"] == "yes" else "no link"), number)
    elif not block.shown.link and (match := _FLAG_WORDS.match(line)):
        flags = match["flags"].split()
        block.amend(_from_flags(flags, "up" if "RUNNING" in flags else "down"), number)


def _from_flags(flags: list[str], state: str) -> Shown:
    if "UP" not in flags:
        return Shown(admin="down", link="down")
    return Shown(admin="up", link="no-carrier" if "NO-CARRIER" in flags else state)
