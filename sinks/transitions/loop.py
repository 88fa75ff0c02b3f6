"""The roll-up beside the sink's feeds, for as long as the process lives."""

from runtime.lifecycle import Shutdown
from sinks.clickhouse import connect
from sinks.retry import AbandonedError, Retry
from sinks.settings import SinkSettings
from sinks.transitions.rollup import RollUp
from sinks.transitions.store import TransitionStore

_ARRIVALS = 20_000
"""Taken at a time: some tens of megabytes in this process."""


class RollUpLoop:
    """Rolls up what arrived, every few seconds. Every sink does: what another has taken is not there to take."""

    def __init__(self, settings: SinkSettings, shutdown: Shutdown) -> None:
        self._settings = settings
        self._shutdown = shutdown
        self._retry = Retry(longest=settings.sink_retry_max_seconds, wait=shutdown.wait)

    def run(self) -> None:
        """Work until the process is told to stop; what is not rolled up by then waits for the next.

        Raises:
            ConfigurationError: a person must act.

        """
        try:
            self._run()
        except AbandonedError:
            return

    def _run(self) -> None:
        settings = self._settings
        client = self._retry("connect", lambda: connect(settings, database=settings.clickhouse_database))
        roll_up = RollUp(TransitionStore(client), rows=_ARRIVALS)
        try:
            while not self._shutdown.requested:
                if not self._retry("roll_up", roll_up.run):
                    self._shutdown.wait(settings.sink_roll_up_seconds)
        finally:
            client.close()
