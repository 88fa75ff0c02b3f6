"""Puts a block's rows into ClickHouse, and finds those that can be none."""

from collections.abc import Callable, Iterable

from runtime.clickhouse_fault import RefusedError
from runtime.errors import DataError
from runtime.reject_ratio import RejectRatio
from sinks import metrics
from sinks.block import Block, Run, datum_of, offset_of, token
from sinks.container import Datum
from sinks.deadletters import Rejection
from sinks.plan import Plan, Plans
from sinks.retry import Result, Retry
from sinks.store import Store


class BlockWriter:
    """Writes blocks; may be shared by threads.

    Done again with the same messages it makes the same inserts under the same tokens. What ClickHouse refuses is
    searched: by a look at each datum, and where that sees nothing, by halves.
    """

    def __init__(self, *, store: Store, plans: Plans, retry: Retry, reject_ratio: RejectRatio) -> None:
        self._store = store
        self._plans = plans
        self._retry = retry
        self._reject_ratio = reject_ratio

    def write(self, block: Block) -> list[Rejection]:
        """Write what can be written; return the rest, in order, each with its reason.

        Raises:
            AbandonedError: the process stops, or the block was cancelled.
            ConfigurationError: a person must act; also where most messages are no rows.

        """
        self._reject_ratio.note(messages=len(block.messages))
        found = [rejection for run in block.runs() for rejection in self._write(block, run)]
        return sorted(found, key=lambda rejection: offset_of(rejection.message))

    def _write(self, block: Block, run: Run) -> list[Rejection]:
        schema = run.schema
        if isinstance(schema, str):
            return self._reject(Rejection(message, "frame", schema) for message in run.messages)
        try:
            plan = self._try("schema", block, lambda: self._plans.find(schema))
        except DataError as error:
            reason = str(error)
            return self._reject(Rejection(message, "schema", reason) for message in run.messages)
        return self._insert(block, run, plan)

    def _insert(self, block: Block, run: Run, plan: Plan) -> list[Rejection]:
        datums = [Datum(offset_of(message), datum_of(message)) for message in run.messages]
        container = plan.container_format.frame(block.place.topic_id, block.place.partition, datums)
        try:
            self._try("insert", block, lambda: self._offer(container, block, run, plan))
        except DataError as error:
            return self._search(block, run, plan, str(error))
        metrics.ROWS.labels(self._store.feed.table).inc(len(datums))
        metrics.BYTES.inc(sum(len(datum.data) for datum in datums))
        return []

    def _offer(self, container: bytes, block: Block, run: Run, plan: Plan) -> None:
        try:
            self._store.insert(container, plan.columns, token=token(block, run))
        except RefusedError as error:
            if _look(run, plan):
                raise DataError(str(error)) from error
            raise

    def _search(self, block: Block, run: Run, plan: Plan, reason: str) -> list[Rejection]:
        """Write what is good of a refused run; return the rest."""
        seen = _look(run, plan)
        if not seen and len(run.messages) == 1:
            return self._reject([Rejection(run.messages[0], "insert", reason)])
        metrics.BISECTIONS.inc()
        rejected = self._reject(seen.values())
        rest = run.without(seen.keys())
        parts = run.halves() if not seen else (rest,) if rest.messages else ()
        return rejected + [rejection for part in parts for rejection in self._insert(block, part, plan)]

    def _reject(self, found: Iterable[Rejection]) -> list[Rejection]:
        rejections = list(found)
        if rejections:
            reason = rejections[-1].reason
            self._reject_ratio.note(messages=0, rejected=len(rejections), reason=reason)
        return rejections

    def _try(self, step: str, block: Block, action: Callable[[], Result]) -> Result:
        return self._retry(step, action, wanted=lambda: not block.cancelled.is_set())


def _look(run: Run, plan: Plan) -> dict[int, Rejection]:
    """Return the rejections that a look at each datum finds, by offset."""
    return {
        offset_of(message): Rejection(message, "datum", complaint)
        for message in run.messages
        if (complaint := plan.sieve.complaint(datum_of(message))) is not None
    }
