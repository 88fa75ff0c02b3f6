"""People with habits: sessions of troubleshooting over the corpora's commands, for evaluating suggestions.

A session is a few flows. A flow begins with a command and what it showed, and goes on by steps; each step has
alternatives, of which a person prefers one. People skip steps, type unrelated commands in between, and drift: sooner or
later most take up a step's last alternative, which nobody knew at first.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.streams.analysis.corpora import corpus

Step = tuple[str, ...]
"""Alternatives; `{i}` is the session's interface, `{a}` its address."""

_NOISE, _SKIPPED, _FAITHFUL = 0.15, 0.1, 0.8
_FLOWS_OF_A_SESSION = (1, 1, 2, 2, 3)
_CORPORA = {
    "ios": (("ntc_templates", "cisco_ios"), ("suzieq", "ios")),
    "nxos": (("ntc_templates", "cisco_nxos"), ("suzieq", "nxos")),
    "eos": (("ntc_templates", "arista_eos"), ("suzieq", "eos")),
    "junos": (("ntc_templates", "juniper_junos"),),
    "linux": (("jc", "ubuntu-18.04"), ("suzieq", "linux")),
}


@dataclass(frozen=True)
class Flow:
    """What people do about something."""

    begin: str
    verdict: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Typed:
    """A command of a session."""

    user: str
    session: str
    os_type: str
    at: datetime
    command: str
    verdict: str


def _cisco(interface: str, routes: str) -> tuple[Flow, ...]:
    return (
        Flow(
            "ping {a}", "critical", (("traceroute {a}",), (f"{routes} {{a}}",), ("show ip arp {a}", "show ip cef {a}"))
        ),
        Flow("ping {a}", "ok", (("show clock", "show users"), ("show logging",))),
        Flow(
            f"show {interface}",
            "warning",
            (
                (f"show {interface} {{i}}", f"show {interface} {{i}} transceiver"),
                ("show logging | include {i}", "show logging", "show logging last 100"),
                ("show cdp neighbors", "show lldp neighbors"),
            ),
        ),
        Flow(f"show {interface}", "ok", (("show version",), ("show inventory", "show environment"))),
        Flow(
            "show ip bgp summary",
            "critical",
            (
                ("show ip bgp neighbors {a}",),
                ("ping {a}", f"{routes} {{a}}", "show bfd neighbors"),
                ("show logging", "show tcp brief", "show processes cpu"),
            ),
        ),
        Flow("show ip bgp summary", "ok", ((f"{routes} summary", "show ip bgp"),)),
        Flow("show ip ospf neighbor", "critical", (("show ip ospf interface {i}",), (f"show {interface} {{i}}",))),
        Flow("show processes cpu", "warning", (("show processes memory", "show memory"), ("show version",))),
    )


_FLOWS: Mapping[str, tuple[Flow, ...]] = {
    "ios": _cisco("interfaces", "show ip route"),
    "nxos": _cisco("interface", "show ip route"),
    "eos": _cisco("interfaces", "show ip route"),
    "junos": (
        Flow("ping {a} count 4", "critical", (("traceroute {a}",), ("show route {a}",), ("show arp no-resolve",))),
        Flow("ping {a} count 4", "ok", (("show system uptime", "show version"),)),
        Flow(
            "show interfaces terse",
            "warning",
            (("show interfaces {i} extensive", "show interfaces {i}"), ("show log messages | match {i}",)),
        ),
        Flow("show interfaces terse", "ok", (("show chassis alarms", "show chassis hardware"),)),
        Flow("show bgp summary", "critical", (("show bgp neighbor {a}",), ("show route {a}", "ping {a} count 4"))),
        Flow("show ospf neighbor", "critical", (("show ospf interface detail",), ("show log messages",))),
    ),
    "linux": (
        Flow(
            "ping -c 4 {a}",
            "critical",
            (("traceroute {a}", "mtr -r {a}"), ("ip route get {a}", "ip route"), ("ip neigh", "arp -a")),
        ),
        Flow("ping -c 4 {a}", "ok", (("uptime", "w"), ("df -h",))),
        Flow("ip -s link", "warning", (("ethtool {i}",), ("ethtool -S {i}", "dmesg", "journalctl -k -n 50"))),
        Flow("df -h", "critical", (("du -sh /var/log", "du -xh /var"), ("journalctl --disk-usage", "ls /var/log"))),
        Flow("systemctl list-units --failed", "critical", (("systemctl status nginx",), ("journalctl -u nginx",))),
        Flow("free -m", "warning", (("ps aux", "top -b -n 1"), ("vmstat", "cat /proc/meminfo"))),
    ),
}


@dataclass
class Person:
    """Works on systems of one kind."""

    name: str
    os_type: str
    rng: random.Random
    drifts_at: float
    """The part of all time that is over when this person takes up new habits."""
    _flow_weights: list[float] = field(default_factory=list)
    _preferred: dict[tuple[int, int], int] = field(default_factory=dict)

    def session(self, at: datetime, moment: float, noise: Sequence[str]) -> Iterator[Typed]:
        """Yield what the person types from `at` on; `moment` is the part of all time that is over."""
        interface = self.rng.choice(("Gi0/", "Ethernet1/", "eth", "ge-0/0/")) + str(self.rng.randrange(40))
        address = f"10.{self.rng.randrange(250)}.{self.rng.randrange(250)}.{self.rng.randrange(1, 250)}"
        session = f"{self.name}-{at.timestamp():.0f}"
        for command, verdict in self._commands(moment, noise):
            at += timedelta(seconds=self.rng.uniform(5, 90))
            text = command.replace("{i}", interface).replace("{a}", address)
            yield Typed(self.name, session, self.os_type, at, text, verdict)

    def _commands(self, moment: float, noise: Sequence[str]) -> Iterator[tuple[str, str]]:
        flows = _FLOWS[self.os_type]
        if not self._flow_weights:
            self._flow_weights = [self.rng.uniform(0.2, 1) for _ in flows]
        for _ in range(self.rng.choice(_FLOWS_OF_A_SESSION)):
            number = self.rng.choices(range(len(flows)), self._flow_weights)[0]
            yield flows[number].begin, flows[number].verdict
            for place, alternatives in enumerate(flows[number].steps):
                if self.rng.random() < _NOISE:
                    yield noise[int(len(noise) * self.rng.random() ** 2)], "ok"
                if self.rng.random() >= _SKIPPED:
                    yield self._choose(number, place, alternatives, moment), "ok"

    def _choose(self, number: int, place: int, alternatives: Step, moment: float) -> str:
        known = alternatives[:-1] or alternatives
        preferred = self._preferred.setdefault((number, place), self.rng.randrange(len(known)))
        if moment >= self.drifts_at:
            return alternatives[-1] if self.rng.random() < _FAITHFUL else known[preferred]
        return known[preferred] if self.rng.random() < _FAITHFUL else self.rng.choice(known)


def society(people: int, *, days: int, until: datetime, seed: int) -> list[Typed]:
    """Return all that `people` typed in the `days` before `until`, in the order of time; one session a day each."""
    rng = random.Random(seed)
    noise = {os_type: _recorded_commands(os_type) for os_type in _FLOWS}
    typed: list[Typed] = []
    for number in range(people):
        os_type = list(_FLOWS)[number % len(_FLOWS)]
        person = Person(f"user-{number}", os_type, random.Random(rng.random()), drifts_at=rng.uniform(0.3, 1.5))
        for day in range(days):
            began = until - timedelta(days=days - day) + timedelta(hours=rng.uniform(0, 20))
            typed.extend(person.session(began, day / days, noise[os_type]))
    return sorted(typed, key=lambda one: one.at)


def _recorded_commands(os_type: str) -> list[str]:
    """Return the corpora's commands for a kind of system, without those that are several in one."""
    names = {
        row["command"]
        for name, platform in _CORPORA[os_type]
        for row in corpus(name)
        if platform == (row.get("os_type") or row.get("platform"))
    }
    return sorted(name for name in names if ";" not in name)
