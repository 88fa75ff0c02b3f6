"""BGP sessions, OSPF adjacencies, neighbour entries."""

from typing import Final

from tests.streams.analysis.mutants.mutation import Edit, fault

_SUMMARY: Final = r"bgp.*\bsum|\bsum\w* bgp"
_ROW: Final = r"^(?P<head>(?:\d{1,3}\.){3}\d{1,3} +4 +\d+ .*? )(?P<age>\S+)(?P<gap> +)"
_BGP: Final = r"bgp"
_OSPF: Final = r"ospf.*neigh"
_STATE_MEMBER: Final = r"\"(?P<key>bgpState|state|peerState)\"\s*:\s*\"Established\""
_FULL_MEMBER: Final = r"\"(?P<key>adjacencyState|state)\"\s*:\s*\"(?:full|FULL)\""
_JUNOS_STATE: Final = r"(?P<head>\"peer-state\"\s*:\s*\[\s*\{\s*\"data\"\s*:\s*)\"Established\""

ROUTING_FAULTS: Final[tuple[Edit, ...]] = (
    *(
        fault(f"BGP summary: {state}", _SUMMARY, rf"{_ROW}\d+ *$", rf"\g<head>never\g<gap>{state}")
        for state in ("Idle", "Active", "Connect", "Idle (Admin)")
    ),
    fault(
        "BGP summary: established again", _SUMMARY, rf"{_ROW}(?:Idle|Active|Connect)\s*$", r"\g<head>00:01:12\g<gap>4"
    ),
    fault("BGP summary: Active instead of Idle", _SUMMARY, rf"{_ROW}Idle\s*$", r"\g<head>never\g<gap>Active"),
    fault(
        "BGP neighbour: Idle", _BGP, r"BGP state (?P<is>is|=) Established(?:, up for \S+)?", r"BGP state \g<is> Idle"
    ),
    fault(
        "BGP neighbour: Active",
        _BGP,
        r"BGP state (?P<is>is|=) Established(?:, up for \S+)?",
        r"BGP state \g<is> Active",
    ),
    fault("BGP in JSON: Idle", _BGP, _STATE_MEMBER, r'"\g<key>": "Idle"'),
    fault(
        "BGP in JSON: Active",
        _BGP,
        _STATE_MEMBER,
        r'"\g<key>": "Active"',
    ),
    fault("BGP on Junos: Idle", _BGP, _JUNOS_STATE, r'\g<head>"Idle"'),
    fault("BGP on Junos: OpenSent", _BGP, _JUNOS_STATE, r'\g<head>"OpenSent"'),
    fault("OSPF: INIT", _OSPF, r"\b[Ff](?:ULL|ull)(?P<role>/ *(?:DR|BDR|DROTHER|-|DROther))", r"INIT\g<role>"),
    fault("OSPF: EXSTART", _OSPF, r"\b[Ff](?:ULL|ull)(?P<role>/ *(?:DR|BDR|DROTHER|-|DROther))", r"EXSTART\g<role>"),
    fault("OSPF: state is INIT", _OSPF, r"[Ss]tate is FULL\b", "State is INIT"),
    fault("OSPF: state is DOWN", _OSPF, r"[Ss]tate is FULL\b", "State is DOWN"),
    fault("OSPF in JSON: init", _OSPF, _FULL_MEMBER, r'"\g<key>": "init"'),
    fault(
        "OSPF on Junos: Init",
        _OSPF,
        r"(?P<head>\"ospf-neighbor-state\"\s*:\s*\[\s*\{\s*\"data\"\s*:\s*)\"Full\"",
        r'\g<head>"Init"',
    ),
    fault(
        "neighbour entry failed", r"neigh", r"\blladdr \S+ (?P<router>router )?(?:REACHABLE|STALE|DELAY)$", r"FAILED"
    ),
    fault(
        "ARP entry incomplete",
        r"(?:show|display) (?:ip )?arp",
        r"^(?P<head>Internet +\S+ +)\S+( +)(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}(?= +ARPA)",
        r"\g<head>0\2Incomplete    ",
        without="Incomplete",
    ),
    fault(
        "arp: entry incomplete",
        r"^arp\b",
        r" at (?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}",
        " at (incomplete)",
        without="ncomplete",
    ),
)
