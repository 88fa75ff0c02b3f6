"""An agent of a run: `python -m tests.chaos.agent --rate N --journal FOLDER DEVICE...`

It reports executions at a steady rate through the product's own spool and publisher, and keeps a journal of what was
acknowledged to it. SIGTERM ends it once everything is with the broker.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from random import Random

from producers.envelope import seal
from producers.events import EventFactory
from producers.identity import Identity
from producers.pace import Pace
from producers.publisher import Publisher
from producers.reporter import sequence_of
from producers.settings import ProducerSettings
from runtime import lifecycle
from runtime.lifecycle import Shutdown
from runtime.log import configure_logging, get_logger
from tests.chaos.executions import executions
from tests.chaos.journal import Journal

_PATIENCE_SECONDS = 60.0

log = get_logger(__name__)


def main() -> None:
    """Run until SIGTERM."""
    arguments = _arguments()
    settings = ProducerSettings()
    configure_logging(settings, process="chaos-agent")
    lifecycle.run(partial(_run, settings, arguments.devices, arguments.rate, arguments.journal))


def _run(settings: ProducerSettings, devices: Sequence[str], rate: float, folder: Path) -> None:
    shutdown = Shutdown()
    shutdown.install()
    with Journal(folder, settings.agent_id) as journal, Publisher.open(settings) as publisher:
        factories = _factories(settings, devices, journal)
        pace = Pace(rate)
        log.info("started", backlog=publisher.has_backlog())
        for execution, factory in zip(executions(Random()), cycle(factories), strict=False):
            event = factory.make(execution)
            publisher.publish(seal(event), partial(journal.receive, event))
            pace.wait()
            if shutdown.requested:
                break
        publisher.settle(_PATIENCE_SECONDS)
        publisher.close(0)
        log.info("stopped", backlog=publisher.has_backlog())


def _factories(settings: ProducerSettings, devices: Sequence[str], journal: Journal) -> list[EventFactory]:
    """Return what makes events of each device; the agent's numbers go over all of them."""
    identity = Identity.from_settings(settings)
    numbers = journal.numbering(sequence_of(settings))
    return [
        EventFactory(
            replace(identity, device_id=device, hostname=device),
            next_sequence=numbers,
            output_limit=settings.output_limit_bytes,
        )
        for device in devices
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, required=True, help="events a second")
    parser.add_argument("--journal", type=Path, required=True, help="folder of the journals")
    parser.add_argument("devices", nargs="+", help="devices that it reports for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
