import json

import pytest

from runtime.errors import ConfigurationError
from streams.analysis import Engine, Execution
from streams.analysis.thresholds import DEFAULT_BOOK, ThresholdBook, Thresholds

_BOOK = '{"default": {"latency_ms": 150}, "tenants": {"acme": {"disk_warning_percent": 80}}}'
_DF = "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        40G   33G  7.0G  82% /\n"


def test_a_tenants_limits_start_from_the_default() -> None:
    book = ThresholdBook.from_json(_BOOK)
    assert book.of("acme") == Thresholds(latency_ms=150, disk_warning_percent=80)
    assert book.of("other") == Thresholds(latency_ms=150)


@pytest.mark.parametrize("text", ["", "  \n", "{}", '{"tenants": {}}'])
def test_nothing_said_means_the_documented_limits(text: str) -> None:
    assert ThresholdBook.from_json(text).of("anyone") == Thresholds()


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("{", "write them like"),
        ("[]", "give a JSON object"),
        ('{"tenant": {}}', 'use "default" and "tenants" only'),
        ('{"tenants": {"acme": 3}}', "thresholds of tenant acme: give a JSON object"),
        ('{"default": {"latency": 3}}', "latency unknown: use latency_ms"),
        ('{"default": {"latency_ms": "fast"}}', "give a number"),
        ('{"default": {"latency_ms": true}}', "give a number"),
        ('{"default": {"latency_ms": NaN}}', "give a number"),
        ('{"default": {"latency_ms": -1}}', "give a number of 0 or more"),
        ('{"default": {"disk_warning_percent": 101}}', "from 0 to 100"),
        ('{"tenants": {"acme": {"disk_warning_percent": 96}}}', "tenant acme: raise disk_critical_percent"),
        ('{"default": {"memory_critical_percent": 11}}', "lower memory_critical_percent"),
    ],
)
def test_a_wrong_book_names_its_cure(text: str, cure: str) -> None:
    with pytest.raises(ConfigurationError, match=cure):
        ThresholdBook.from_json(text)


def test_the_digest_names_the_content() -> None:
    book = ThresholdBook.from_json(_BOOK)
    assert book.digest() == ThresholdBook.from_json(json.dumps(json.loads(_BOOK), indent=2)).digest()
    assert book.digest() != DEFAULT_BOOK.digest()
    assert ThresholdBook.from_json('{"tenants": {"acme": {"latency_ms": 200}}}').digest() == DEFAULT_BOOK.digest()


def test_the_engine_judges_each_tenant_by_its_own_limits() -> None:
    engine = Engine(5.0, ThresholdBook.from_json(_BOOK))
    verdicts = [engine.analyze(Execution(tenant, "linux", "df -h", "OK", 0, _DF)).verdict for tenant in ("acme", "b")]
    assert verdicts == ["warning", "ok"]


@pytest.mark.parametrize(
    ("limit", "value", "command", "output"),
    [
        ("latency_ms", 20, "ping h", "4 packets transmitted, 4 received, 0% packet loss\nrtt min/avg/max = 1/21/30 ms"),
        ("disk_warning_percent", 82, "df -h", _DF),
        ("disk_critical_percent", 90, "df -h", _DF.replace("82%", "91%")),
        ("memory_warning_percent", 51, "free", "        total   used   free   available\nMem:   100  50 50 50\n"),
        ("memory_critical_percent", 8, "free", "        total   used   free   available\nMem:   100  93 7 7\n"),
    ],
)
def test_every_limit_moves_its_finding(limit: str, value: float, command: str, output: str) -> None:
    execution = Execution("acme", "linux", command, "OK", 0, output)
    moved = Engine(5.0, ThresholdBook.from_json(json.dumps({"tenants": {"acme": {limit: value}}})))
    severities = [[each.severity for each in engine.analyze(execution).findings] for engine in (Engine(5.0), moved)]
    assert severities[0] < severities[1]
