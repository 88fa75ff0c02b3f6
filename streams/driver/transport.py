"""The transport a Faust app is given."""

from typing import Any, ClassVar

from faust.transport.drivers.aiokafka import Transport
from faust.types.transports import ConsumerT

from streams.driver.consumer import DEFAULT_FETCH_WAIT_MS, MicroBatchConsumer


class MicroBatchTransport(Transport):
    """Faust's aiokafka transport with the micro-batch consumer.

    `fetch_wait_ms` is how long a broker may hold a fetch that finds nothing.
    """

    Consumer: ClassVar[type[ConsumerT]] = MicroBatchConsumer

    def __init__(self, *args: Any, fetch_wait_ms: int = DEFAULT_FETCH_WAIT_MS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fetch_wait_ms = fetch_wait_ms
