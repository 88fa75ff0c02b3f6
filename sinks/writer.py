"""Puts a bundle's rows into ClickHouse, and finds those that can be none."""

from collections.abc import Callable, Iterable

from runtime.clickhouse_fault import RefusedError
from runtime.errors import DataError
from runtime.reject_ratio import RejectRatio
from sinks import metrics
from sinks.block import Run, datum_of, offset_of
from sinks.bundle import Bundle, Lot
from sinks.container import Datum
from sinks.deadletters import Rejection
from sinks.plan import Plan, Plans
from sinks.retry import Result, Retry
from sinks.store import Store


class BundleWriter:
    """Writes bundles; may be shared by threads.

    Done again with the same blocks it makes the same inserts under the same tokens. What ClickHouse refuses is offered
    again block by block, and a block that it refuses is searched: by a look at each datum, and where that sees nothing,
    by halves.
    """

    def __init__(self, *, store: Store, plans: Plans, retry: Retry, reject_ratio: RejectRatio) -> None:
        self._store = store
        self._plans = plans
        self._retry = retry
        self._reject_ratio = reject_ratio

    def write(self, bundle: Bundle) -> list[Rejection]:
        """Write what can be written; return the rest, in order, each with its reason.

        Raises:
            AbandonedError: the process stops, or all of the blocks were cancelled.
            ConfigurationError: a person must act; also where most messages are no rows.

        """
        self._reject_ratio.note(messages=sum(len(block.messages) for block in bundle.blocks))
        found = [rejection for lot in bundle.lots() for rejection in self._write(bundle, lot)]
        return sorted(found, key=lambda rejection: rejection.place)

    def _write(self, bundle: Bundle, lot: Lot) -> list[Rejection]:
        schema = lot.schema
        if isinstance(schema, str):
            return self._reject(Rejection(message, "frame", schema) for message in lot.messages)
        try:
            plan = self._try("schema", bundle, lambda: self._plans.find(schema))
        except DataError as error:
            reason = str(error)
            return self._reject(Rejection(message, "schema", reason) for message in lot.messages)
        return self._insert(bundle, lot, plan)

    def _insert(self, bundle: Bundle, lot: Lot, plan: Plan) -> list[Rejection]:
        datums = _datums(lot)
        container = plan.container_format.frame(lot.topic_id, datums)
        try:
            self._try("insert", bundle, lambda: self._offer(container, lot, plan))
        except DataError as error:
            return self._divide(bundle, lot, plan, str(error))
        metrics.INSERTS.labels(self._store.feed.table).inc()
        metrics.ROWS.labels(self._store.feed.table).inc(len(datums))
        metrics.BYTES.inc(sum(len(datum.data) for datum in datums))
        return []

    def _offer(self, container: bytes, lot: Lot, plan: Plan) -> None:
        try:
            self._store.insert(container, plan.columns, token=lot.token)
        except RefusedError as error:
            if any(_look(run, plan) for run in lot.runs):
                raise DataError(str(error)) from error
            raise

    def _divide(self, bundle: Bundle, lot: Lot, plan: Plan, reason: str) -> list[Rejection]:
        """Write what is good of a refused lot; return the rest."""
        if len(lot.runs) == 1:
            return self._search(bundle, lot.runs[0], plan, reason)
        metrics.BISECTIONS.inc()
        return [rejection for run in lot.runs for rejection in self._insert(bundle, Lot((run,)), plan)]

    def _search(self, bundle: Bundle, run: Run, plan: Plan, reason: str) -> list[Rejection]:
        """Write what is good of a refused run; return the rest."""
        seen = _look(run, plan)
        if not seen and len(run.messages) == 1:
            return self._reject([Rejection(run.messages[0], "insert", reason)])
        metrics.BISECTIONS.inc()
        rejected = self._reject(seen.values())
        rest = run.without(seen.keys())
        parts = run.halves() if not seen else (rest,) if rest.messages else ()
        return rejected + [rejection for part in parts for rejection in self._insert(bundle, Lot((part,)), plan)]

    def _reject(self, found: Iterable[Rejection]) -> list[Rejection]:
        rejections = list(found)
        if rejections:
            reason = rejections[-1].reason
            self._reject_ratio.note(messages=0, rejected=len(rejections), reason=reason)
        return rejections

    def _try(self, step: str, bundle: Bundle, action: Callable[[], Result]) -> Result:
        return self._retry(step, action, wanted=lambda: bundle.wanted)


def _datums(lot: Lot) -> list[Datum]:
    return [
        Datum(run.place.partition, offset_of(message), datum_of(message))
        for run in lot.runs
        for message in run.messages
    ]


def _look(run: Run, plan: Plan) -> dict[int, Rejection]:
    """Return the rejections that a look at each datum finds, by offset."""
    return {
        offset_of(message): Rejection(message, "datum", complaint)
        for message in run.messages
        if (complaint := plan.sieve.complaint(datum_of(message))) is not None
    }
