import os
import socket

import pytest

from cli.stack.ports import Port, PortPlan
from runtime.errors import ConfigurationError
from tests.services.process import HOST, free_port


def plan(*ports: Port) -> PortPlan:
    return PortPlan(HOST, ports)


def test_free_ports_pass() -> None:
    plan(
        Port("Kafka", free_port(), "NETCOPILOT_UP_KAFKA_PORT"), Port("Valkey", free_port(), "NETCOPILOT_UP_REDIS_PORT")
    ).check()


def test_a_taken_port_is_named_with_its_holder_and_its_setting() -> None:
    with socket.create_server((HOST, 0)) as holder:
        number = holder.getsockname()[1]
        with pytest.raises(ConfigurationError) as error:
            plan(Port("Kafka", number, "NETCOPILOT_UP_KAFKA_PORT")).check()
    for part in (str(number), "Kafka", f"process {os.getpid()}", "NETCOPILOT_UP_KAFKA_PORT", "--kafka-port"):
        assert part in str(error.value)


def test_every_taken_port_is_named_at_once() -> None:
    with socket.create_server((HOST, 0)) as one, socket.create_server((HOST, 0)) as two:
        numbers = [one.getsockname()[1], two.getsockname()[1]]
        with pytest.raises(ConfigurationError) as error:
            plan(Port("A", numbers[0], "NETCOPILOT_UP_A"), Port("B", numbers[1], "NETCOPILOT_UP_B")).check()
    assert len(str(error.value).splitlines()) == 2


def test_one_port_for_two_purposes_is_refused() -> None:
    number = free_port()
    with pytest.raises(ConfigurationError, match="meant for both Kafka and Valkey"):
        plan(Port("Kafka", number, "NETCOPILOT_UP_A"), Port("Valkey", number, "NETCOPILOT_UP_B")).check()
