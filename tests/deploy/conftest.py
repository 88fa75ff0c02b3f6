"""What the tests of the deployment share."""

from collections.abc import Iterator

import pytest

from tests.deploy.edge import Edge, running_edge


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """HAProxy on free ports, without replicas yet."""
    with running_edge(tmp_path_factory.mktemp("haproxy")) as running:
        yield running
