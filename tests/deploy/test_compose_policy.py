"""What every service must have: limits, bounded logs, a health check, no rights that it does not need."""

import re

import pytest

from tests.deploy.composefile import Service, model, services

_PUBLISHED = {"haproxy", "grafana", "kafka", "kafka-1", "kafka-2", "kafka-3", "schema-registry"}
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}
_ALL = [pytest.param(service, id=name) for name, service in services().items()]
_LASTING = [pytest.param(service, id=name) for name, service in services().items() if not name.startswith("topics")]


def _bytes(size: str) -> int:
    return int(size[:-1]) * _UNITS[size[-1].upper()]


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def _memory(service: Service) -> int:
    return _bytes(service.definition["deploy"]["resources"]["limits"]["memory"])


@pytest.mark.parametrize("service", _ALL)
def test_is_bounded(service: Service) -> None:
    limits = service.definition["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert limits["pids"] > 0
    assert _memory(service) > 0
    options = service.definition["logging"]["options"]
    assert _bytes(options["max-size"]) * int(options["max-file"]) <= 100 * 2**20


@pytest.mark.parametrize("service", _ALL)
def test_has_no_rights_to_spare(service: Service) -> None:
    assert "no-new-privileges:true" in service.definition["security_opt"]
    assert service.definition["cap_drop"] == ["ALL"]
    assert not service.definition.get("privileged", False)
    if service.own:
        assert service.definition["read_only"] is True
        assert "cap_add" not in service.definition


@pytest.mark.parametrize("service", _LASTING)
def test_restarts_and_tells_its_health(service: Service) -> None:
    assert service.definition["restart"] == "unless-stopped"
    check = service.definition["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert _seconds(check["timeout"]) < _seconds(check["interval"])
    assert _seconds(service.definition["stop_grace_period"]) >= 15


@pytest.mark.parametrize("service", _ALL)
def test_image_is_pinned(service: Service) -> None:
    tag = service.image.rpartition(":")[2]
    assert re.match(r"v?\d+\.\d+", tag), service.image


def test_only_the_loopback_address_is_published() -> None:
    published = {
        name: service.definition["ports"] for name, service in services().items() if "ports" in service.definition
    }
    assert set(published) == _PUBLISHED
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_only_what_is_published_or_asks_a_model_reaches_beyond_the_inner_network() -> None:
    assert model()["networks"]["inside"]["internal"] is True
    outside = {name for name, service in services().items() if "outside" in service.networks}
    assert outside == _PUBLISHED | {"explainer"}


def test_heap_leaves_room_for_the_page_cache() -> None:
    for service in services().values():
        heap = re.search(r"-Xmx(\w+)", service.environment.get("KAFKA_HEAP_OPTS", ""))
        if heap:
            assert 2 * _bytes(heap[1]) < _memory(service)


def test_passwords_come_from_the_environment_only() -> None:
    for service in services().values():
        for name, value in service.environment.items():
            if "PASSWORD" in name:
                assert value in {"c1", "v1", "g1"}, (service.name, name)
