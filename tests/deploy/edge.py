"""HAProxy, the addresses of two replicas behind it, and the name server that tells it of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.balancer import Balancer, balancer, until
from tests.deploy.certificate import self_signed
from tests.deploy.names import Names, name_server
from tests.services.process import free_port

ADDRESSES = ("127.0.0.2", "127.0.0.3")


@dataclass(frozen=True, slots=True)
class Edge:
    """A running HAProxy with its surroundings; replicas come from the tests."""

    balancer: Balancer
    names: Names
    port: int
    certificate: Path

    def everybody_up(self) -> None:
        """Wait until both replicas get requests, and nobody else."""
        until(lambda: self.balancer.active() == set(ADDRESSES))


@contextmanager
def running_edge(folder: Path) -> Iterator[Edge]:
    """Run the edge until the block ends."""
    port = free_port()
    certificate = self_signed(folder / "edge.pem")
    with name_server() as (names, dns_port):
        names.addresses = ADDRESSES
        with balancer(dns_port=dns_port, api_port=port, folder=folder, certificate=certificate) as running:
            yield Edge(running, names, port, certificate)
