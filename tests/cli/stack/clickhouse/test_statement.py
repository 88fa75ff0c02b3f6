import pytest

from cli.stack.clickhouse.statement import (
    calls,
    find_inline_insert,
    find_result_format,
    holds_several,
    leading_words,
    mentions,
    quoted,
    string_literals,
)


@pytest.mark.parametrize(
    ("text", "head", "data_format", "data"),
    [
        (b"INSERT INTO t FORMAT Native\n\x01\n", "INSERT INTO t ", "Native", b"\x01\n"),
        (b"INSERT INTO t FORMAT Avro\r\nObj\x01", "INSERT INTO t ", "Avro", b"Obj\x01"),
        (b"insert into t (a, `b c`) format CSV 1,2", "insert into t (a, `b c`) ", "CSV", b"1,2"),
        (b"INSERT INTO t VALUES (1), (2)", "INSERT INTO t ", "Values", b" (1), (2)"),
        (b"INSERT INTO `format` VALUES (1)", "INSERT INTO `format` ", "Values", b" (1)"),
        (b"INSERT INTO format FORMAT TSV\n1", "INSERT INTO format ", "TSV", b"1"),
        (b"INSERT INTO db.values FORMAT TSV\n1", "INSERT INTO db.values ", "TSV", b"1"),
        (b"INSERT INTO TABLE FUNCTION f('x', format) FORMAT TSV\n1", None, "TSV", b"1"),
        (b"/* FORMAT X */ INSERT INTO t -- FORMAT Y\n FORMAT TSV\n\n1", None, "TSV", b"\n1"),
        (b"INSERT INTO t SETTINGS async_insert=0 FORMAT TSV\n", "INSERT INTO t SETTINGS async_insert=0 ", "TSV", b""),
    ],
)
def test_an_insert_is_split_where_its_data_begins(text: bytes, head: str | None, data_format: str, data: bytes) -> None:
    insert = find_inline_insert(text)
    assert insert is not None
    assert (insert.format, text[insert.data_start :]) == (data_format, data)
    assert head is None or insert.head == head


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"SELECT 1 FORMAT JSON",
        b"INSERT INTO t SELECT 1 FORMAT TSV",
        b"INSERT INTO t WITH 1 AS a SELECT a",
        b"INSERT INTO t FROM INFILE 'x' FORMAT TSV",
        b"INSERT INTO t",
        b"INSERT INTO t FORMAT",
    ],
)
def test_what_brings_no_data_of_its_own_is_left_whole(text: bytes) -> None:
    assert find_inline_insert(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"SELECT 1 FORMAT JSON", "JSON"),
        (b"select 1\n format Native;\n -- FORMAT CSV", "Native"),
        (b"SELECT 1 FORMAT TSV SETTINGS max_threads = 1", "TSV"),
        (b"SELECT 1 SETTINGS max_threads = 1 FORMAT TSV", "TSV"),
        (b"SELECT 'a FORMAT CSV'", None),
        (b"SELECT format FROM t", None),
        (b"SELECT (SELECT 1 FORMAT CSV)", None),
        (b"SELECT formatDateTime(now(), '%F')", None),
        (b"", None),
    ],
)
def test_the_result_format_is_the_closing_clause(text: bytes, found: str | None) -> None:
    assert find_result_format(text) == found


@pytest.mark.parametrize(
    ("text", "several"),
    [(b"SELECT 1; SELECT 2", True), (b"SELECT 1;\n-- end\n;", False), (b"SELECT ';' , 1", False)],
)
def test_a_second_statement_is_seen(text: bytes, several: bool) -> None:
    assert holds_several(text) is several


def test_words_in_strings_and_comments_do_not_count() -> None:
    text = b"SELECT 'totals' -- TOTALS\n FROM t"
    assert not mentions(text, "TOTALS")
    assert mentions(b"SELECT 1 WITH totals", "TOTALS")
    assert leading_words(b"-- x\n kill Query WHERE 1", 2) == ("KILL", "QUERY")


def test_a_call_is_told_from_a_name() -> None:
    assert calls(b"SELECT a FROM input ('a Int8')", "INPUT")
    assert not calls(b"SELECT input, 'input(' FROM t", "INPUT")


def test_string_literals_are_found_as_they_are_written() -> None:
    assert string_literals(b"KILL QUERY WHERE query_id IN ('a', \"b\", 'c''d')") == {"a", "c''d"}


def test_a_quoted_text_cannot_leave_its_literal() -> None:
    assert quoted("a'b\\") == r"'a\'b\\'"
