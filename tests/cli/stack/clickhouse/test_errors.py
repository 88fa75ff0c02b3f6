import pytest

from cli.stack.clickhouse.errors import engine_error


@pytest.mark.parametrize(
    ("raised", "code", "status", "text"),
    [
        (
            "Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE)",
            60,
            404,
            "Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE) (version 1.2 (chDB))",
        ),
        (
            "Streaming insert finish failed: Code: 117. DB::Exception: Bad row. (INCORRECT_DATA) (version 1.2)",
            117,
            400,
            "Code: 117. DB::Exception: Bad row. (INCORRECT_DATA) (version 1.2 (chDB))",
        ),
        (
            "Insert failed: std::exception. Code: 1001, type: avro::Exception, e.what() = EOF reached (version 1.2)",
            748,
            500,
            "Code: 748. DB::Exception: avro::Exception: EOF reached. (AVRO_EXCEPTION) (version 1.2 (chDB))",
        ),
        ("something else", 1002, 500, "Code: 1002. DB::Exception: something else (version 1.2 (chDB))"),
    ],
)
def test_the_librarys_errors_read_like_the_servers(raised: str, code: int, status: int, text: str) -> None:
    error = engine_error(RuntimeError(raised), version="1.2")
    assert (error.code, error.status, str(error)) == (code, status, text)
