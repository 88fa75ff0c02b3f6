"""Every rule there is, in one list: what the engine applies and the documentation shows."""

from functools import lru_cache
from typing import Final

from streams.analysis.command_line import CommandLine
from streams.analysis.finding import Severity
from streams.analysis.rules import (
    access,
    bgp,
    clock,
    command,
    disk,
    dns,
    environment,
    interface,
    memory,
    neighbor,
    ospf,
    path,
    reachability,
    service,
)
from streams.analysis.rules.rule import Example, Family, Rule

RULES_VERSION: Final = "2"
"""The rule set's version: a part of every cache key. Raise it with every change that alters a finding."""

FAMILIES: Final[tuple[Family, ...]] = (
    command.FAMILY,
    access.FAMILY,
    reachability.FAMILY,
    path.FAMILY,
    dns.FAMILY,
    interface.FAMILY,
    bgp.FAMILY,
    ospf.FAMILY,
    neighbor.FAMILY,
    disk.FAMILY,
    memory.FAMILY,
    service.FAMILY,
    clock.FAMILY,
    environment.FAMILY,
)


@lru_cache(maxsize=4096)
def families_about(command: CommandLine) -> tuple[Family, ...]:
    """Return the families that read the outputs of `command`."""
    return tuple(family for family in FAMILIES if family.concerns(command))


TRUNCATED: Final = Rule(
    kind="findings.truncated",
    severities=(Severity.INFO,),
    threshold="more than 50 findings",
    platforms="all",
    description="There are more findings than an analysis carries; the rest is only counted.",
    phrase="{count} further findings",
    example=Example(
        "linux",
        "ip link",
        "".join(f"{n}: eth{n}: <BROADCAST> mtu 1500 qdisc noop state DOWN\n" for n in range(1, 60)),
    ),
)

RULES: Final[tuple[Rule, ...]] = (*(rule for family in FAMILIES for rule in family.rules), TRUNCATED)
"""All rules, in the order of the documentation."""

RULE_BY_KIND: Final = {rule.kind: rule for rule in RULES}
