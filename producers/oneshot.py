"""Recording one run and leaving: what `netcopilot exec` does once its command has ended."""

import logging
from contextlib import ExitStack
from typing import Self

from producers.execution import Run
from producers.identity import Identity, login_session
from producers.publisher import Outcome, Receipt
from producers.reporter import Reporter, open_reporter
from producers.runner import LOCAL_OS_TYPE
from producers.settings import ProducerSettings, current_user
from runtime.log import configure_logging


class OneShot:
    """A reporter for a single event, connecting since it was opened."""

    def __init__(self, settings: ProducerSettings, reporter: Reporter, resources: ExitStack) -> None:
        self._settings = settings
        self._reporter = reporter
        self._resources = resources

    @classmethod
    def open(cls) -> Self:
        """Open one from the environment's settings; nothing is logged from now on.

        Raises:
            ConfigurationError: the spool folder cannot be used.
            ValidationError: a setting does not fit.

        """
        settings = ProducerSettings()
        configure_logging(settings, process="exec")
        logging.disable()
        identity = Identity.from_settings(settings, user_id=current_user(), session_id=login_session())
        resources = ExitStack()
        return cls(settings, resources.enter_context(open_reporter(settings, identity, single=True)), resources)

    def record(self, command: str, run: Run, *, traceparent: str | None) -> str | None:
        """Publish or spool the run within the setting's wait; return why it could be neither, None where it was."""
        receipts: list[Receipt] = []
        execution = run.conclude(command, os_type=LOCAL_OS_TYPE, limit=self._settings.output_limit_bytes)
        with self._resources:
            self._reporter.report(execution, receipts.append, traceparent=traceparent)
            self._reporter.publisher.close(self._settings.exec_wait_seconds, wait_for_broker=False)
        if not receipts:
            return "no answer from the publisher"
        refused = receipts[0].outcome is Outcome.REFUSED
        return str(receipts[0].error) if refused else None
