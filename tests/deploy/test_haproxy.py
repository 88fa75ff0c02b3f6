"""HAProxy on the project's configuration, before two real replicas behind one name."""

import os
import shutil
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from tests.deploy.balancer import CONFIG, command, needs_haproxy, until
from tests.deploy.composefile import services
from tests.deploy.edge import ADDRESSES, Edge
from tests.deploy.promql import expressions
from tests.deploy.replica import Replica, replica
from tests.services.process import HOST

pytestmark = needs_haproxy


@pytest.fixture(scope="module")
def replicas(edge: Edge) -> Iterator[tuple[Replica, Replica]]:
    with replica(ADDRESSES[0], edge.port) as one, replica(ADDRESSES[1], edge.port) as other:
        edge.everybody_up()
        yield one, other


def test_configuration_is_valid_and_has_no_warning() -> None:
    result = subprocess.run(command("-c", "-f", str(CONFIG)), capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "WARNING" not in result.stderr


def test_defaults_are_what_the_compose_file_publishes() -> None:
    presets = dict(
        line.split()[1:3]
        for line in CONFIG.read_text(encoding="utf-8").splitlines()
        if line.split()[:1] == ["presetenv"]
    )
    haproxy = services()["haproxy"].definition
    api = services()["api"].definition["healthcheck"]["test"]
    assert f":{haproxy['ports'][0].rsplit(':', 1)[1]}" == presets["HAPROXY_HTTP"]
    assert haproxy["healthcheck"]["test"][-1] == f"http://127.0.0.1{presets['HAPROXY_STATS']}/healthz"
    assert presets["HAPROXY_API"] == f"api:{api[-1]}"


def test_requests_go_to_both(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    answers = Counter(httpx.get(f"{edge.balancer.url}/v1/devices").text for _ in range(40))
    assert set(answers) == {one.address for one in replicas}


def test_a_replica_that_is_not_ready_leaves_and_comes_back(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    one, other = replicas
    other.ready = False
    until(lambda: edge.balancer.active() == {one.address})
    assert {httpx.get(f"{edge.balancer.url}/v1/devices").text for _ in range(20)} == {one.address}
    other.ready = True
    edge.everybody_up()


def test_a_new_replica_joins_by_its_name_alone(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    with replica("127.0.0.4", edge.port):
        edge.names.addresses = (*ADDRESSES, "127.0.0.4")
        until(lambda: edge.balancer.active() == {*ADDRESSES, "127.0.0.4"})
        edge.names.addresses = ADDRESSES
        edge.everybody_up()


def test_events_stream_through_one_by_one(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    with httpx.stream("GET", f"{edge.balancer.url}/v1/live", timeout=10) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "data: first"
        for one in replicas:
            one.release()
        assert [line for line in lines if line] == ["data: second"]


def test_websockets_pass(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    with connect(f"ws://{HOST}:{edge.balancer.http}/ws/commands") as socket_:
        for text in ("one", "two"):
            socket_.send(text)
            assert socket_.recv(timeout=10) == text


def test_a_reload_cuts_no_stream(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    with httpx.stream("GET", f"{edge.balancer.url}/v1/live", timeout=20) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "data: first"
        edge.balancer.reload()
        edge.everybody_up()
        assert httpx.get(f"{edge.balancer.url}/v1/devices").status_code == 200
        for one in replicas:
            one.release()
        assert [line for line in lines if line] == ["data: second"]


@pytest.mark.parametrize("path", ["/metrics", "/%6detrics"])
def test_metrics_stay_inside(edge: Edge, replicas: tuple[Replica, Replica], path: str) -> None:
    with socket.create_connection((HOST, edge.balancer.http), 5) as client:
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        assert b" 404 " in client.makefile("rb").readline()


def test_http_2_without_tls(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    arguments = ["--silent", "--output", os.devnull, "--write-out", "%{http_version} %{http_code}"]
    url = f"{edge.balancer.url}/v1/devices"
    result = subprocess.run(
        ["curl", "--http2-prior-knowledge", *arguments, url], capture_output=True, text=True, check=False
    )
    assert result.stdout == "2 200"


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_tls_speaks_both_versions(edge: Edge, replicas: tuple[Replica, Replica], protocol: str) -> None:
    context = ssl.create_default_context(cafile=str(edge.certificate))
    context.set_alpn_protocols([protocol])
    with (
        socket.create_connection((HOST, edge.balancer.https), 5) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as client,
    ):
        assert client.selected_alpn_protocol() == protocol


def test_replicas_learn_that_the_client_used_tls(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    context = ssl.create_default_context(cafile=str(edge.certificate))
    answer = httpx.get(f"https://{HOST}:{edge.balancer.https}/v1/devices", verify=context)
    assert answer.headers["x-seen-proto"] == "https"
    assert "max-age" in answer.headers["strict-transport-security"]


def test_exports_the_metrics_that_alerts_and_dashboards_use(edge: Edge, replicas: tuple[Replica, Replica]) -> None:
    used = {name for expression in expressions() for name in expression.metrics if name.startswith("haproxy_")}
    exported = {line.split("{")[0].split(" ")[0] for line in edge.balancer.metrics().splitlines()}
    assert used
    assert used - exported == set()
