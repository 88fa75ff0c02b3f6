"""When rows become visible: in ClickHouse for every event, in the API for some."""

import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Final

from clickhouse_connect.driver.client import Client

from benchmarks.end_to_end.agent import Sample
from benchmarks.end_to_end.clock import now

TABLE_POLL_MILLISECONDS: Final = 100.0
API_POLL_MILLISECONDS: Final = 50.0


@dataclass(slots=True)
class Frontier:
    """Up to which offset a partition's rows were visible, and when that was seen."""

    offsets: list[int] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)


class TableWatch:
    """Asks ClickHouse again and again how far each partition has come.

    Blocks hold a partition's events in their order, so that a visible row proves all before it. A row counts from the
    moment the answer that shows it has come: too late by at most a poll.
    """

    def __init__(self, client: Client, agent_id: str) -> None:
        self._client = client
        self._agent_id = agent_id
        self._frontiers: dict[int, Frontier] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "TableWatch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def frontiers(self) -> Mapping[int, Frontier]:
        """What was seen of each partition."""
        return self._frontiers

    def _run(self) -> None:
        while not self._over.wait(TABLE_POLL_MILLISECONDS / 1e3):
            self._look()

    def _look(self) -> None:
        rows = self._client.query(
            "SELECT kafka_partition, max(kafka_offset) FROM commands "
            "WHERE agent_id = {agent:String} GROUP BY kafka_partition",
            parameters={"agent": self._agent_id},
        ).result_rows
        moment = now()
        for partition, offset in rows:
            frontier = self._frontiers.setdefault(partition, Frontier())
            if not frontier.offsets or offset > frontier.offsets[-1]:
                frontier.offsets.append(offset)
                frontier.moments.append(moment)


class ApiWatch:
    """Asks the API for one execution after the other, each as soon as it is published, until it answers 200."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port)
        self._samples: SimpleQueue[Sample] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.latencies: list[float] = []

    def __enter__(self) -> "ApiWatch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        self._connection.close()

    def offer(self, sample: Sample) -> None:
        """Follow this event, if it is the newest when the one before it is found."""
        self._samples.put(sample)

    def _run(self) -> None:
        while not self._over.is_set():
            sample = self._newest()
            if sample is not None:
                self._follow(sample)

    def _newest(self) -> Sample | None:
        try:
            sample = self._samples.get(timeout=API_POLL_MILLISECONDS / 1e3)
            while not self._samples.empty():
                sample = self._samples.get_nowait()
        except Empty:
            return None
        return sample

    def _follow(self, sample: Sample) -> None:
        while not self._over.wait(API_POLL_MILLISECONDS / 1e3):
            self._connection.request("GET", f"/v1/commands/{sample.event_id}")
            response = self._connection.getresponse()
            response.read()
            if response.status == http.HTTPStatus.OK:
                self.latencies.append(now() - sample.intended)
                return
