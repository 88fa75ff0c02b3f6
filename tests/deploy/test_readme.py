"""What deploy/README.md claims of the compose file."""

import re

import pytest

from tests.deploy.balancer import TLS_CONFIG
from tests.deploy.composefile import PROFILES, Service, services
from tests.deploy.tree import DEPLOY

_UNITS = {"M": 2**20, "G": 2**30}
_README = (DEPLOY / "README.md").read_text(encoding="utf-8")


def _memory(service: Service) -> int:
    limit = service.definition["deploy"]["resources"]["limits"]["memory"]
    return int(limit[:-1]) * _UNITS[limit[-1]] * int(service.definition["deploy"].get("replicas", 1))


@pytest.mark.parametrize("profiles", PROFILES)
def test_memory_of_a_profile(profiles: str) -> None:
    lasting = (
        service
        for service in services().values()
        if service.runs_in(profiles) and not service.name.startswith("topics")
    )
    row = next(line for line in _README.splitlines() if line.startswith(f"| `{profiles}` |"))
    assert row.endswith(f" {sum(map(_memory, lasting)) / 1e9:.1f} GB |")


def test_every_published_port_is_listed() -> None:
    published = {port.split(":")[1] for service in services().values() for port in service.definition.get("ports", [])}
    listed = set(
        re.findall(r"\b\d{4}\b", "".join(line for line in _README.splitlines() if line.startswith("| 127.0.0.1")))
    )
    assert published == listed


def test_variables_of_the_tls_example_are_those_of_its_configuration() -> None:
    needed = set(re.findall(r"\$\{(HAPROXY_\w+)\}", TLS_CONFIG.read_text(encoding="utf-8")))
    example = _README[_README.index("**TLS.**") :]
    assert needed
    assert {name for name in needed if f"{name}:" not in example} == set()


def test_every_image_it_names_is_the_one_that_is_used() -> None:
    paragraph = _README[_README.index("that a tag exists") :].split(")")[0]
    versions = set(re.findall(r"\d+(?:\.\d+)+", paragraph))
    used = {
        re.sub(r"^v|-alpine$", "", service.image.rpartition(":")[2])
        for service in services().values()
        if not service.own
    }
    assert versions == used
