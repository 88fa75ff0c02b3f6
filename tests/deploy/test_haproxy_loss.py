"""HAProxy when replicas die, on the project's configuration."""

import httpx

from tests.deploy.balancer import needs_haproxy, until
from tests.deploy.edge import ADDRESSES, Edge
from tests.deploy.replica import replica

pytestmark = needs_haproxy


def test_a_replica_that_dies_costs_no_request(edge: Edge) -> None:
    with replica(ADDRESSES[0], edge.port) as one:
        with replica(ADDRESSES[1], edge.port):
            edge.everybody_up()
        answers = [httpx.get(f"{edge.balancer.url}/v1/devices", timeout=10) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}
        until(lambda: edge.balancer.active() == {one.address})
    until(lambda: not edge.balancer.active())


def test_no_replica_is_an_answer_too(edge: Edge) -> None:
    until(lambda: not edge.balancer.active())
    assert httpx.get(f"{edge.balancer.url}/v1/devices").status_code == 503
