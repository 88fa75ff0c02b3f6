import pytest

from streams.analysis.command_line import read_command
from streams.analysis.document import Document, read_document
from streams.analysis.parsers.parse import Row
from streams.analysis.quoting import quote_count, quote_row

_PORT = """\
Port Eth1 is here
  Description: Eth10 downtown
  Admin: up, link DOWN
  120 packets, 12 input errors, 2 CRC
  0 output errors
"""


def read(output: str) -> tuple[Document, Row]:
    document = read_document(output, read_command("show port"))
    return document, Row({}, 0, len(document.lines) - 1)


def test_name_and_state_are_quoted_together_where_they_stand_close() -> None:
    document, row = read(_PORT)
    assert quote_row(document, row, "eth1", ["down"]).text == "\n".join(_PORT.split("\n")[:3])


def test_a_state_far_from_its_name_is_quoted_alone() -> None:
    document, row = read("Eth1\n" + "filler\n" * 20 + "down\n")
    assert quote_row(document, row, "Eth1", ["down"]).text == "down"


@pytest.mark.parametrize("word", ["Eth1", "down"])
def test_words_count_as_wholes(word: str) -> None:
    document, row = read(f"x{word}\n{word}x\n0.{word}\n{word}0\n({word})\n")
    assert quote_row(document, row, word, [word]).line_start == 5


@pytest.mark.parametrize(("count", "line"), [(12, 4), (2, 4), (120, 4), (0, 5), (77, 1)])
def test_the_line_of_a_count(count: int, line: int) -> None:
    document, row = read(_PORT)
    assert quote_count(document, row, count).line_start == line


def test_a_row_of_one_line_is_that_line() -> None:
    document, _ = read(_PORT)
    assert quote_row(document, Row({}, 1, 1), "Eth1", ["down"]).line_start == 2
