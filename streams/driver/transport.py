"""The transport a Faust app is given."""

from typing import Any, ClassVar

from faust.transport.drivers.aiokafka import Transport
from faust.types.transports import ConsumerT

from streams.driver.consumer import MicroBatchConsumer
from streams.driver.options import DriverOptions


class MicroBatchTransport(Transport):
    """Faust's aiokafka transport with the micro-batch consumer."""

    Consumer: ClassVar[type[ConsumerT]] = MicroBatchConsumer

    def __init__(self, *args: Any, options: DriverOptions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
