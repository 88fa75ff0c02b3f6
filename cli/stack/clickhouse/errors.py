"""Errors as ClickHouse tells them: a number, a text that carries it, and an HTTP status."""

import re

_CODE = re.compile(r"Code: (\d+)\.? ?")
_UNTRANSLATED_AVRO = re.compile(r"std::exception\. Code: 1001, type: avro::Exception, e\.what\(\) = (.*)", re.DOTALL)
_VERSION = re.compile(r" \(version [^)]*\)$")

UNKNOWN_EXCEPTION = 1002
CANNOT_DECOMPRESS = 271
NOT_IMPLEMENTED = 48
BAD_ARGUMENTS = 36
SYNTAX_ERROR = 62
READONLY = 164
TOO_MANY_SIMULTANEOUS_QUERIES = 202
SAME_QUERY_ID_RUNNING = 216
TOO_LARGE = 229
AUTHENTICATION_FAILED = 516
AVRO_EXCEPTION = 748

# ClickHouse's exceptionCodeToHTTPStatus (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp); all others are 500.
# 202 is 500 there; here it is 503, so that clients retry it.
_STATUS = {
    194: 401,
    **dict.fromkeys((192, 193, 516), 403),
    **dict.fromkeys((6, 25, 26, 27, 36, 38, 41, 53, 62, 72, 117, 190, 271, 321, 376, 441, 457), 400),
    **dict.fromkeys((46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 139, 336), 404),
    159: 408,
    TOO_LARGE: 413,
    NOT_IMPLEMENTED: 501,
    TOO_MANY_SIMULTANEOUS_QUERIES: 503,
}


class ClickHouseError(Exception):
    """A query failed; `code` is ClickHouse's number and `str(error)` its whole text (`Code: N. DB::Exception: ...`)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code

    @property
    def status(self) -> int:
        """The HTTP status that ClickHouse answers this error with."""
        return _STATUS.get(self.code, 500)


def server_error(code: int, name: str, message: str) -> ClickHouseError:
    """Return an error that this server, not the engine, raises."""
    return ClickHouseError(code, f"Code: {code}. DB::Exception: {message} ({name})")


def engine_error(error: Exception, *, version: str) -> ClickHouseError:
    """Translate what the library raised into what a server of that version would have answered."""
    text = _VERSION.sub("", _text(error).strip())
    if avro := _UNTRANSLATED_AVRO.search(text):
        text = f"Code: {AVRO_EXCEPTION}. DB::Exception: avro::Exception: {avro[1].strip()}. (AVRO_EXCEPTION)"
    found = _CODE.search(text)
    code = int(found[1]) if found else UNKNOWN_EXCEPTION
    if not found:
        text = f"Code: {code}. DB::Exception: {text}"
    elif not text.startswith("std::exception"):
        text = text[found.start() :]
    return ClickHouseError(code, f"{text} (version {version} (chDB))")


def _text(error: Exception) -> str:
    """Return the engine's own words, also where they quote data that is no UTF-8, at which the library stumbles."""
    for found in (error, error.__cause__):
        if isinstance(found, UnicodeDecodeError):
            return found.object.decode(errors="replace")
    return str(error)
