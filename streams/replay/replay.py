"""Analysing a stretch of history again: read, analyse, compare, publish, note how far it came."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from runtime.lifecycle import Shutdown
from streams.analysis.analysis import Analysis
from streams.replay.comparison import changed
from streams.replay.journal import Entry
from streams.replay.known import known_analyses
from streams.replay.post import Post, Requests
from streams.replay.reanalysis import Opened, Opener, Reanalysis, Reanalyzed
from streams.replay.selection import Selection
from streams.replay.source import Past, Source, Stretch
from streams.replay.tables import Tables
from streams.replay.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a replay works with."""

    source: Source
    opener: Opener
    reanalysis: Reanalysis
    tables: Tables | None
    """Where current analyses are looked up that the source does not tell; None: nowhere, everything is new."""
    post: Post | None
    """None: nothing is published."""
    requests: Requests | None
    """None: no explanation is asked for."""


class Replay:
    """Works through a source; of what an entry says is done, the broker has everything."""

    def __init__(
        self,
        parts: Parts,
        *,
        rate: float | None,
        keep: Callable[[Entry], None],
        shutdown: Shutdown,
    ) -> None:
        """`rate` is events a second at most. `keep` is given every entry; a shutdown takes effect behind it."""
        self._parts = parts
        self._rate = rate
        self._keep = keep
        self._shutdown = shutdown

    async def run(self, entry: Entry) -> Entry:
        """Go on where an entry stands; return the last one, which is finished unless it was stopped.

        Raises:
            TransientError: a part does not answer; the last entry that was kept says how far it came.
            ConfigurationError: a person must act.

        """
        for stretch in self._parts.source.stretches(entry.position):
            begun = time.monotonic()
            selected = await self._take(stretch, entry.scope.selection, entry.tally, everything=entry.scope.everything)
            entry = replace(entry, position=stretch.position)
            self._keep(entry)
            await self._pause(selected, begun)
            if self._shutdown.requested:
                return entry
        entry = replace(entry, finished_at=datetime.now(UTC))
        self._keep(entry)
        return entry

    async def _take(self, stretch: Stretch, selection: Selection, tally: Tally, *, everything: bool) -> int:
        """Do what is to be done with a stretch; return how many of its events are meant."""
        selected = self._select(stretch.events, selection, tally)
        events = await self._parts.reanalysis.analyze(selected)
        known = self._known(stretch, selected)
        different = events if known is None else changed(events, known, tally)
        self._publish(events if everything else different, events, tally)
        tally.looked_at += stretch.looked_at
        tally.selected += len(selected)
        tally.made += sum(event.fresh is not None for event in events)
        return len(selected)

    def _select(self, events: Sequence[Past], selection: Selection, tally: Tally) -> list[Opened]:
        selected = []
        for past in events:
            opened = self._parts.opener.open(past)
            if not isinstance(opened, Opened):
                tally.refuse(opened)
            elif selection.takes(opened.record):
                selected.append(opened)
        return selected

    def _known(self, stretch: Stretch, selected: Sequence[Opened]) -> Mapping[UUID, Analysis] | None:
        if stretch.known is not None or self._parts.tables is None:
            return stretch.known
        return known_analyses(self._parts.tables, [event.event_id for event in selected])

    def _publish(self, due: Sequence[Reanalyzed], events: Sequence[Reanalyzed], tally: Tally) -> None:
        requests = self._parts.requests.of(events) if self._parts.requests is not None else []
        if self._parts.post is not None:
            self._parts.post.send(due, requests)
            tally.published += len(due)
            tally.requested += len(requests)

    async def _pause(self, events: int, begun: float) -> None:
        """Wait until so many events may have passed."""
        if self._rate is not None:
            left = begun + events / self._rate - time.monotonic()
            await asyncio.to_thread(self._shutdown.wait, max(0.0, left))
