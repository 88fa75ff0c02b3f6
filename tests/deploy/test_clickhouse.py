"""ClickHouse's configuration against the settings that the engine itself knows."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client

from tests.deploy.composefile import services
from tests.deploy.tree import DEPLOY

_FOLDER = DEPLOY / "clickhouse"
_SECTIONS = {"logger", "merge_tree", "prometheus"}


@pytest.fixture(scope="module")
def client(clickhouse_url: str) -> Iterator[Client]:
    connected = clickhouse_connect.get_client(dsn=clickhouse_url)
    yield connected
    connected.close()


def _root(file: str) -> ET.Element:
    return ET.parse(_FOLDER / file).getroot()


def _names(client: Client, table: str) -> set[str]:
    return {row[0] for row in client.query(f"SELECT name FROM system.{table}").result_rows}


def _logs() -> list[ET.Element]:
    return [section for section in _root("config.d/netcopilot.xml") if section.tag.endswith("_log")]


def test_server_settings_exist(client: Client) -> None:
    settings = {section.tag for section in _root("config.d/netcopilot.xml")} - _SECTIONS
    assert settings - {log.tag for log in _logs()} - _names(client, "server_settings") == set()


def test_merge_settings_exist_and_fit_the_pool(client: Client) -> None:
    root = _root("config.d/netcopilot.xml")
    settings = {setting.tag: int(setting.text or "") for setting in root.findall("merge_tree/*")}
    assert set(settings) - _names(client, "merge_tree_settings") == set()
    ratio = client.query(
        "SELECT value FROM system.server_settings WHERE name LIKE '%merges_mutations_concurrency_ratio'"
    )
    slots = int(root.findtext("background_pool_size", "")) * float(ratio.result_rows[0][0])
    assert all(entries <= slots for entries in settings.values())


def test_query_settings_exist(client: Client) -> None:
    settings = {setting.tag for setting in _root("users.d/netcopilot.xml").findall("profiles/default/*")}
    assert settings
    assert settings - _names(client, "settings") == set()


def test_a_query_gets_less_than_the_server() -> None:
    profile = _root("users.d/netcopilot.xml").find("profiles/default")
    assert profile is not None
    query = int(profile.findtext("max_memory_usage", ""))
    container = int(services()["clickhouse"].definition["deploy"]["resources"]["limits"]["memory"].removesuffix("G"))
    ratio = float(_root("config.d/netcopilot.xml").findtext("max_server_memory_usage_to_ram_ratio", ""))
    assert query < container * 2**30 * ratio
    for spill in ("max_bytes_before_external_group_by", "max_bytes_before_external_sort"):
        assert int(profile.findtext(spill, "")) <= query // 2


def test_no_system_log_is_kept_for_ever(client: Client) -> None:
    kept = [log for log in _logs() if log.get("remove") is None]
    assert kept
    for log in kept:
        ttl = log.findtext("ttl", "")
        assert client.query(f"SELECT {ttl.removesuffix(' DELETE')} FROM (SELECT today() AS event_date)").result_rows


def test_prometheus_scrapes_where_it_serves() -> None:
    scraping = (DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    port = _root("config.d/netcopilot.xml").findtext("prometheus/port")
    assert f'"clickhouse:{port}"' in scraping
