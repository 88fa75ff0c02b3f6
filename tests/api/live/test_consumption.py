from confluent_kafka import Consumer

from api.live.consumption import consumer_config
from api.settings import ApiSettings


def test_a_fetch_waits_as_long_as_the_setting_says() -> None:
    config = consumer_config(ApiSettings(kafka_fetch_wait_ms=7), client_id="test")
    assert config["fetch.wait.max.ms"] == 7
    Consumer(config).close()
