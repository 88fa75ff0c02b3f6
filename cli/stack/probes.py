"""Readiness probes: one question to a server, answered at once.

Every function returns a `Probe` (see `cli.stack.spec`) that is `False` while the server does not answer as it should.
"""

import http.client
import socket

import redis
from confluent_kafka import KafkaException
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.stack.librdkafka import admin_client
from cli.stack.spec import Probe

_PATIENCE = 2.0


def tcp_accepts(host: str, port: int) -> Probe:
    """Whether something accepts connections there."""

    def probe() -> bool:
        try:
            socket.create_connection((host, port), timeout=_PATIENCE).close()
        except OSError:
            return False
        return True

    return probe


def http_answers(host: str, port: int, path: str) -> Probe:
    """Whether `GET path` is answered with 200."""

    def probe() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return probe


def redis_answers(host: str, port: int) -> Probe:
    """Whether a Redis-protocol server answers PING there (not while it still loads its data)."""

    def probe() -> bool:
        try:
            with redis.Redis(host, port, socket_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    return probe


def kafka_answers(host: str, port: int) -> Probe:
    """Whether a Kafka-protocol broker tells its metadata there."""
    accepts = tcp_accepts(host, port)

    def probe() -> bool:
        if not accepts():  # librdkafka would only retry until its timeout
            return False
        try:
            return bool(admin_client(f"{host}:{port}").list_topics(timeout=_PATIENCE).brokers)
        except KafkaException:
            return False

    return probe
