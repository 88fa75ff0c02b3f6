"""The provisioned dashboards: sound in themselves and fit for the data source."""

from itertools import combinations
from typing import Any

import yaml

from tests.deploy.composefile import services
from tests.deploy.promql import DASHBOARDS, dashboards
from tests.deploy.tree import DEPLOY

_PROVISIONING = DEPLOY / "grafana" / "provisioning"
_COLUMNS = 24


def _provisioned(file: str) -> Any:
    return yaml.safe_load((_PROVISIONING / file).read_text(encoding="utf-8"))


def test_panels_use_the_provisioned_data_source() -> None:
    source = _provisioned("datasources/prometheus.yml")["datasources"][0]
    for dashboard in dashboards():
        for panel in (panel for panel in dashboard["panels"] if panel["type"] != "row"):
            used = {target["datasource"]["uid"] for target in panel["targets"]} | {panel["datasource"]["uid"]}
            assert used == {source["uid"]}, panel["title"]


def test_data_source_is_where_prometheus_serves() -> None:
    source = _provisioned("datasources/prometheus.yml")["datasources"][0]
    assert source["url"] == "http://prometheus:9090"
    assert services()["prometheus"].networks & services()["grafana"].networks
    scraping = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))["global"]
    assert source["jsonData"]["timeInterval"] == scraping["scrape_interval"]


def test_dashboards_are_mounted_where_the_provider_looks() -> None:
    mounts = {target: source for source, target in services()["grafana"].mounts}
    path = _provisioned("dashboards/netcopilot.yml")["providers"][0]["options"]["path"]
    assert mounts[path] == "./deploy/grafana/dashboards"
    assert mounts["/etc/grafana/provisioning"] == "./deploy/grafana/provisioning"
    home = services()["grafana"].environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (DASHBOARDS / home.removeprefix(f"{path}/")).is_file()


def test_every_panel_has_a_place_of_its_own() -> None:
    for dashboard in dashboards():
        panels = dashboard["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        for panel in panels:
            assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= _COLUMNS, panel["title"]
        for one, other in combinations(panels, 2):
            assert not _overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not above


def test_every_panel_explains_itself_and_its_unit() -> None:
    for dashboard in dashboards():
        for panel in (panel for panel in dashboard["panels"] if panel["type"] != "row"):
            assert panel["description"].endswith("."), panel["title"]
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
