"""The transport a Faust app is given."""

from typing import ClassVar

from faust.transport.drivers.aiokafka import Transport
from faust.types.transports import ConsumerT

from streams.driver.consumer import MicroBatchConsumer


class MicroBatchTransport(Transport):
    """Faust's aiokafka transport with the micro-batch consumer."""

    Consumer: ClassVar[type[ConsumerT]] = MicroBatchConsumer
