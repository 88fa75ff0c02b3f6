import string

import pytest

from streams.analysis import Severity
from streams.analysis.rules.catalogue import FAMILIES, RULES, RULES_VERSION
from streams.analysis.rules.rule import Rule
from tests.streams.analysis.judging import analyze

_CONTRACT = {
    "command.not_found",
    "command.failed",
    "command.timeout",
    "access.denied",
    "reachability.loss",
    "reachability.latency",
    "path.incomplete",
    "dns.nxdomain",
    "dns.failure",
    "interface.down",
    "interface.admin_down",
    "interface.errors",
    "bgp.session_down",
    "ospf.adjacency_down",
    "neighbor.unreachable",
    "disk.usage",
    "memory.low",
    "service.failed",
    "clock.unsynchronised",
    "environment.fault",
    "findings.truncated",
}


def test_the_catalogue_holds_the_contract_once() -> None:
    kinds = [rule.kind for rule in RULES]
    assert set(kinds) == _CONTRACT
    assert len(kinds) == len(set(kinds))
    assert RULES_VERSION
    assert len({family.name for family in FAMILIES}) == len(FAMILIES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rules_example_makes_it_fire(rule: Rule) -> None:
    example = rule.example
    analysis = analyze(
        example.output, example.command, example.os_type, status=example.status, exit_code=example.exit_code
    )
    fired = [finding for finding in analysis.findings if finding.kind == rule.kind]
    assert fired
    assert {finding.severity for finding in fired} <= set(rule.severities)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rule_is_documented(rule: Rule) -> None:
    assert rule.severities == tuple(sorted(rule.severities))
    assert Severity.OK not in rule.severities
    assert rule.description.endswith(".")
    assert rule.threshold
    assert rule.platforms


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_rules_phrase_names_facts_that_its_findings_have(rule: Rule) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.phrase) if name}
    example = rule.example
    analysis = analyze(
        example.output, example.command, example.os_type, status=example.status, exit_code=example.exit_code
    )
    finding = next(finding for finding in analysis.findings if finding.kind == rule.kind)
    assert fields <= {"subject", *finding.facts}
