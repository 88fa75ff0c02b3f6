"""What a failed call to ClickHouse means: the one place that decides between retry, dead letter and stop."""

import re

from clickhouse_connect.driver.exceptions import Error

from runtime.errors import ConfigurationError, DataError, NetcopilotError, TransientError

# Numbers and names: ClickHouse's src/Common/ErrorCodes.cpp.
_DATA = {
    6: "CANNOT_PARSE_TEXT",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    32: "ATTEMPT_TO_READ_AFTER_EOF",
    33: "CANNOT_READ_ALL_DATA",
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    69: "ARGUMENT_OUT_OF_BOUND",
    70: "CANNOT_CONVERT_TYPE",
    72: "CANNOT_PARSE_NUMBER",
    117: "INCORRECT_DATA",
    128: "TOO_LARGE_ARRAY_SIZE",
    131: "TOO_LARGE_STRING_SIZE",
    321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
    376: "CANNOT_PARSE_UUID",
    407: "DECIMAL_OVERFLOW",
    469: "VIOLATED_CONSTRAINT",
    748: "AVRO_EXCEPTION",
}
_MIGRATE = "run `netcopilot migrate` of this release"
_CREDENTIALS = "set NETCOPILOT_CLICKHOUSE_USER and NETCOPILOT_CLICKHOUSE_PASSWORD"
_CONFIGURATION = {
    8: ("THERE_IS_NO_COLUMN", _MIGRATE),
    10: ("NOT_FOUND_COLUMN_IN_BLOCK", _MIGRATE),
    16: ("NO_SUCH_COLUMN_IN_TABLE", _MIGRATE),
    44: ("ILLEGAL_COLUMN", f"a column has another type than the event's field; {_MIGRATE}"),
    47: ("UNKNOWN_IDENTIFIER", _MIGRATE),
    53: ("TYPE_MISMATCH", f"a column has another type than the event's field; {_MIGRATE}"),
    60: ("UNKNOWN_TABLE", _MIGRATE),
    73: ("UNKNOWN_FORMAT", "use a ClickHouse that reads Avro"),
    81: ("UNKNOWN_DATABASE", f"set NETCOPILOT_CLICKHOUSE_DATABASE, or {_MIGRATE}"),
    115: ("UNKNOWN_SETTING", "use ClickHouse 24.8 or newer"),
    164: ("READONLY", "give NETCOPILOT_CLICKHOUSE_USER the right to write"),
    192: ("UNKNOWN_USER", _CREDENTIALS),
    193: ("WRONG_PASSWORD", _CREDENTIALS),
    194: ("REQUIRED_PASSWORD", _CREDENTIALS),
    497: ("ACCESS_DENIED", "grant NETCOPILOT_CLICKHOUSE_USER what the migrations and the sink need"),
    516: ("AUTHENTICATION_FAILED", _CREDENTIALS),
}
_CONSTRAINT = re.compile(r"DB::Exception: Constraint `(\w+)` for table")


class RefusedError(TransientError):
    """ClickHouse answered with an error that passes, unless the data are its cause in a way that nobody foresaw."""


def judge(error: Error) -> NetcopilotError:
    """Return what to raise instead of clickhouse-connect's error.

    What is neither known as a fault of the data nor of the configuration is transient: retrying loses nothing.
    The texts hold ClickHouse's error names only, because its messages quote the data.
    """
    if error.code in _DATA:
        return DataError(f"ClickHouse refused the datum: {_DATA[error.code]}{_constraint(error)} ({error.code})")
    if error.code in _CONFIGURATION:
        name, cure = _CONFIGURATION[error.code]
        return ConfigurationError(f"ClickHouse answered {name} ({error.code}): {cure}")
    if error.code is not None:
        return RefusedError(f"ClickHouse answered {error.name or 'an error'} ({error.code})")
    return TransientError(f"ClickHouse did not answer ({type(error).__name__})")


def _constraint(error: Error) -> str:
    """Return the name of the violated constraint, which is a word of the migrations."""
    found = _CONSTRAINT.search(str(error))
    return f" {found[1]}" if found else ""
