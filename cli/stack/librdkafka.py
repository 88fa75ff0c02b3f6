"""Kafka clients for questions of the moment: silent, since whoever asks deals with the answer that does not come."""

import logging

from confluent_kafka import Consumer
from confluent_kafka.admin import AdminClient

_SILENT = logging.getLogger(__name__)
_SILENT.disabled = True


def admin_client(bootstrap_servers: str) -> AdminClient:
    """Return an admin client."""
    return AdminClient({"bootstrap.servers": bootstrap_servers}, logger=_SILENT)


def observer(bootstrap_servers: str, group: str) -> Consumer:
    """Return a consumer that may ask for the group's offsets, and neither joins it nor commits; close it.

    It tells when it reaches a partition's end, and soon.
    """
    return Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": group,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 20,
        },
        logger=_SILENT,
    )
