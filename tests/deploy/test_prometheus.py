"""Prometheus' own tool on the configuration, the alerts and the dashboards' expressions."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.composefile import services
from tests.deploy.promql import alert_rules, expressions
from tests.deploy.tree import DEPLOY, ROOT

pytestmark = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)"
)

_CONFIG = DEPLOY / "prometheus" / "prometheus.yml"
_UNIT_TESTS = ROOT / "tests" / "deploy" / "alerts_test.yml"
_PROCESSES = {"api", "worker", "explainer", "sink", "agent"}


def _promtool(*arguments: str) -> None:
    result = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_configuration_is_valid() -> None:
    _promtool("check", "config", str(_CONFIG))


def test_alerts_do_what_their_unit_tests_say() -> None:
    _promtool("test", "rules", str(_UNIT_TESTS))


def test_every_alert_fires_in_a_unit_test() -> None:
    groups = yaml.safe_load(_UNIT_TESTS.read_text(encoding="utf-8"))["tests"]
    fired = {case["alertname"] for group in groups for case in group["alert_rule_test"] if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in alert_rules()}


def test_every_alert_says_what_to_do() -> None:
    for rule in alert_rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]


def test_every_expression_parses(tmp_path: Path) -> None:
    rules = [
        {"record": f"check:expression:{number}", "expr": expression.text.replace("$__rate_interval", "1m")}
        for number, expression in enumerate(expressions())
    ]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}), encoding="utf-8")
    _promtool("check", "rules", str(file))


def test_every_process_is_scraped_where_it_serves_metrics() -> None:
    jobs = {job["job_name"]: job for job in yaml.safe_load(_CONFIG.read_text(encoding="utf-8"))["scrape_configs"]}
    for name in _PROCESSES:
        lookup = jobs[f"netcopilot-{name}"]["dns_sd_configs"][0]
        assert lookup["names"] == [name]
        assert str(lookup["port"]) == services()[name].definition["healthcheck"]["test"][-1]
    for job in jobs.values():
        for group in job.get("static_configs", []):
            for target in group["targets"]:
                assert target.split(":")[0] in {*services(), "localhost"}


def test_alerts_name_jobs_that_exist() -> None:
    jobs = {job["job_name"] for job in yaml.safe_load(_CONFIG.read_text(encoding="utf-8"))["scrape_configs"]}
    named = {job for rule in alert_rules() for job in re.findall(r'job="([^"]+)"', rule["expr"])}
    assert named
    assert named <= jobs
