"""The compose file against the compose specification, and its parts against each other."""

import json
import shutil
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.deploy.composefile import PASSWORDS, PROFILES, Service, model, services
from tests.deploy.interpolation import interpolated, variables
from tests.deploy.tree import COMPOSE, ROOT

_SCHEMAS = "check_jsonschema/builtin_schemas/vendor"
_SPECIFICATION = Path(str(distribution("check-jsonschema").locate_file(f"{_SCHEMAS}/compose-spec.json")))


def _complaints(document: object) -> list[str]:
    validator = Draft202012Validator(json.loads(_SPECIFICATION.read_text(encoding="utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def test_follows_the_compose_specification() -> None:
    assert _complaints(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))) == []
    assert _complaints(model()) == []


def test_the_specification_notices_a_wrong_word() -> None:
    document = model()
    document["services"]["api"]["healthchek"] = {}
    assert any("healthchek" in complaint for complaint in _complaints(document))


@pytest.mark.parametrize("profiles", PROFILES)
def test_compose_itself_accepts_it(profiles: str) -> None:
    if shutil.which("docker") is None or _run("docker", "compose", "version").returncode != 0:
        pytest.skip("no `docker compose` here")
    result = _run("docker", "compose", "--file", str(COMPOSE), "config", "--quiet", profiles=profiles)
    assert result.returncode == 0, result.stderr


def _run(*command: str, profiles: str = "") -> subprocess.CompletedProcess[str]:
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}
    environment = {**path, **PASSWORDS, "COMPOSE_PROFILES": profiles}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("profiles", PROFILES)
def test_nobody_waits_for_a_service_that_is_not_started(profiles: str) -> None:
    for service in _started(profiles):
        missing = {
            name
            for name, condition in service.depends_on.items()
            if condition.get("required", True) and not services()[name].runs_in(profiles)
        }
        assert not missing, service.name


@pytest.mark.parametrize("profiles", PROFILES)
def test_every_process_waits_for_the_topics_of_its_profile(profiles: str) -> None:
    started = {service.name for service in _started(profiles)}
    creators = started & {"topics", "topics-replicated"}
    assert len(creators) == 1
    for name in ("worker", "explainer", "sink", "api", "agent"):
        condition = services()[name].depends_on[creators.copy().pop()]
        assert condition["condition"] == "service_completed_successfully"


def test_who_waits_for_health_waits_for_something_that_tells_it() -> None:
    for service in services().values():
        for name, condition in service.depends_on.items():
            if condition["condition"] == "service_healthy":
                assert services()[name].definition["healthcheck"]["test"], (service.name, name)


@pytest.mark.parametrize(("profiles", "nodes"), [("slim", 1), ("full", 3)])
def test_replication_fits_the_number_of_brokers(profiles: str, nodes: int) -> None:
    brokers = [service for service in _started(profiles) if "KAFKA_NODE_ID" in service.environment]
    assert len(brokers) == nodes
    assert len({broker.environment["KAFKA_NODE_ID"] for broker in brokers}) == nodes
    voters = {broker.environment["KAFKA_CONTROLLER_QUORUM_VOTERS"] for broker in brokers}
    assert voters == {",".join(f"{broker.environment['KAFKA_NODE_ID']}@{broker.name}:9093" for broker in brokers)}
    for broker in brokers:
        factors = {value for name, value in broker.environment.items() if name.endswith("REPLICATION_FACTOR")}
        in_sync = {
            value for name, value in broker.environment.items() if name.endswith(("MIN_ISR", "MIN_INSYNC_REPLICAS"))
        }
        assert factors == {str(nodes)}
        assert in_sync == {str(max(1, nodes - 1))}
    creator = next(service for service in _started(profiles) if service.command[:2] == ["topics", "create"])
    assert creator.command[2:] == ["--replication-factor", str(nodes)]


def test_brokers_advertise_the_port_that_is_published() -> None:
    brokers = [service for service in services().values() if "KAFKA_NODE_ID" in service.environment]
    for broker in brokers:
        address, published, container = broker.definition["ports"][0].split(":")
        listeners = dict(part.split("://") for part in broker.environment["KAFKA_LISTENERS"].split(","))
        advertised = dict(part.split("://") for part in broker.environment["KAFKA_ADVERTISED_LISTENERS"].split(","))
        assert advertised["OUTSIDE"] == f"{address}:{published}"
        assert listeners["OUTSIDE"] == f":{container}"
        assert advertised["INSIDE"] == f"{broker.name}{listeners['INSIDE']}"


@pytest.mark.parametrize("profiles", PROFILES)
def test_published_ports_do_not_collide(profiles: str) -> None:
    ports = [port.rsplit(":", 1)[0] for service in _started(profiles) for port in service.definition.get("ports", [])]
    assert len(ports) == len(set(ports))


def test_volumes_and_networks_are_declared_and_used() -> None:
    document = model()
    mounted = {source for service in services().values() for source, _ in service.mounts if not source.startswith(".")}
    assert mounted == set(document["volumes"])
    assert {name for service in services().values() for name in service.networks} == set(document["networks"])


def test_mounted_files_are_in_the_tree() -> None:
    sources = {source for service in services().values() for source, _ in service.mounts if source.startswith("./")}
    assert sources
    assert [source for source in sorted(sources) if not (ROOT / source).exists()] == []


def test_example_names_every_variable_with_its_default() -> None:
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    used = variables(COMPOSE.read_text(encoding="utf-8"))
    assert {variable.name for variable in used} == set(example) - {"COMPOSE_PROFILES"}
    assert {variable.name: variable.default for variable in used if not variable.required} == {
        variable.name: example[variable.name] for variable in used if not variable.required
    }


def test_a_missing_password_is_an_error() -> None:
    required = {variable.name for variable in variables(COMPOSE.read_text(encoding="utf-8")) if variable.required}
    assert required == set(PASSWORDS)
    for name in PASSWORDS:
        with pytest.raises(KeyError, match=name):
            interpolated(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")), {**PASSWORDS, name: ""})


def _started(profiles: str) -> list[Service]:
    return [service for service in services().values() if service.runs_in(profiles)]
