import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from runtime.clickhouse_fault import RefusedError, judge
from runtime.errors import ConfigurationError, DataError, TransientError
from sinks.clickhouse import connect
from sinks.container import ContainerFormat, Datum
from sinks.settings import SinkSettings
from sinks.store import Store
from tests.sinks.events import ANALYZED, TOPIC_ID, value


def insert(store: Store) -> None:
    container_format = ContainerFormat(ANALYZED)
    container = container_format.frame(TOPIC_ID, [Datum(0, 0, value()[5:])])
    store.insert(container, container_format.columns, token="t")


def test_a_missing_table_is_for_the_operator(store: Store, client: Client) -> None:
    client.command("DROP TABLE commands")
    with pytest.raises(ConfigurationError, match=r"UNKNOWN_TABLE .*netcopilot migrate"):
        insert(store)


def test_a_missing_column_is_for_the_operator(store: Store, client: Client) -> None:
    client.command("ALTER TABLE commands DROP COLUMN duration_us")
    with pytest.raises(ConfigurationError, match="netcopilot migrate"):
        insert(store)


def test_a_missing_database_is_for_the_operator(settings: SinkSettings) -> None:
    with pytest.raises(ConfigurationError, match="NETCOPILOT_CLICKHOUSE_DATABASE"):
        connect(settings, database="nowhere")


def test_a_server_that_is_away_is_waited_for() -> None:
    settings = SinkSettings(clickhouse_url="http://127.0.0.1:1")
    with pytest.raises(TransientError, match="did not answer"):
        connect(settings, database="default")


def test_a_url_that_is_none_is_for_the_operator() -> None:
    with pytest.raises(ConfigurationError, match="NETCOPILOT_CLICKHOUSE_URL"):
        connect(SinkSettings(clickhouse_url="localhost:8123"), database="default")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (748, DataError),
        (376, DataError),
        (60, ConfigurationError),
        (516, ConfigurationError),
        (469, DataError),
        (241, RefusedError),
        (252, RefusedError),
        (999_999, RefusedError),
    ],
)
def test_each_code_has_its_meaning(code: int, expected: type[Exception]) -> None:
    assert isinstance(judge(DatabaseError("secret text", code=code, name="SOME_NAME")), expected)


def test_no_text_of_the_server_is_repeated() -> None:
    for error in (
        DatabaseError("Cannot parse 'community s3cret'", code=376),
        DatabaseError("s3cret", code=7),
        OperationalError("s3cret"),
    ):
        assert "s3cret" not in str(judge(error))


def test_a_violated_constraint_is_named() -> None:
    text = "Code: 469. DB::Exception: Constraint `text_is_utf8` for table t (0) is violated at row 1. Values: `s3cret`"
    reason = str(judge(DatabaseError(text, code=469)))
    assert reason == "ClickHouse refused the datum: VIOLATED_CONSTRAINT text_is_utf8 (469)"
