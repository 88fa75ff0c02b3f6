import json

import pytest

from streams.analysis.command_line import read_command
from streams.analysis.document import embedded_document, read_document
from streams.analysis.finding import NOTHING, Excerpt

_SHOW = read_command("show clock")


def test_colours_returns_and_control_characters_are_not_read_but_quoted() -> None:
    output = "\x1b[31meth0\x1b[0m down\x00\r\nsecond\r\n"
    document = read_document(output, _SHOW)
    assert document.lines == ("eth0 down", "second", "")
    assert document.quote(0) == Excerpt("\x1b[31meth0\x1b[0m down\x00", 1, 1)
    assert document.quote(0, 1) == Excerpt("\x1b[31meth0\x1b[0m down\x00\r\nsecond", 1, 2)


@pytest.mark.parametrize("pager", ["--More--\x08\x08\x08\x08        \x08\x08\x08\x08", "--More--\x08 \x08"])
def test_a_pagers_prompt_is_not_read(pager: str) -> None:
    assert read_document(f"one\n{pager}two\n", _SHOW).lines[1] == "two"


def test_lines_end_at_newlines_only() -> None:
    assert len(read_document("a\x0bb\x0cc\u2028d\x85e", _SHOW).lines) == 1


@pytest.mark.parametrize("prompt", ["router1#", "user@host:~$ ", "[admin@mt] > ".replace(" ", ""), "RP/0/RP0/CPU0:r1#"])
def test_echo_and_waiting_prompt_are_outside_the_answer(prompt: str) -> None:
    document = read_document(f"{prompt}show clock\n12:00\n{prompt}", _SHOW)
    assert document.body == ("12:00",)
    assert document.text == "12:00"


def test_a_banner_before_the_echo_is_outside_the_answer() -> None:
    document = read_document("Welcome\n\nrouter1#show clock\n12:00\n{master:0}\nrouter1#", _SHOW)
    assert document.body == ("12:00",)


def test_a_banner_before_json_is_outside_the_answer() -> None:
    output = 'Last login: today\n[{"a": 1}]\n'
    assert read_document(output, read_command("ip -j addr")).first == 1
    assert read_document(output, read_command("ip addr")).first == 0


def test_a_margin_of_the_whole_answer_is_not_read_but_quoted() -> None:
    output = "\n        Peer: 10.0.0.1\n          State: Active\n\n        Peer: 10.0.0.2\n"
    document = read_document(output, _SHOW)
    assert document.text == "\nPeer: 10.0.0.1\n  State: Active\n\nPeer: 10.0.0.2\n"
    assert document.quote(1, 2) == Excerpt("        Peer: 10.0.0.1\n          State: Active", 2, 3)
    assert document.stdout == output


def test_the_margin_is_the_answers_and_not_that_of_the_echo() -> None:
    document = read_document("\n    \tfw/admin# show clock\n\t\tone\n\t\t\ttwo\n\t", _SHOW)
    assert document.body == ("one", "\ttwo", "")


def test_what_a_filter_left_over_keeps_its_indentation() -> None:
    output = "     3 input errors, 0 CRC\n     0 output errors\n"
    assert read_document(output, read_command("show interfaces | include errors")).text == output


@pytest.mark.parametrize(
    "output",
    ["    Name  State\n  Gi0/1  up\n", "   a\n   b\n", "    a\nb\n", "    alone", "\ta\nb\n", "    \n  \n"],
)
def test_what_is_no_margin_stays(output: str) -> None:
    assert "\n".join(read_document(output, _SHOW).lines) == output


def test_windows_line_ends_are_not_read_but_quoted() -> None:
    document = read_document("one\r\ntwo\r\n", _SHOW)
    assert document.lines == ("one", "two", "")
    assert document.raw_lines[0] == "one\r"


def test_lines_that_hold_a_word_are_found_in_any_case() -> None:
    document = read_document("router1#show clock\nDenied\nb\nX denied, DENIED\nroot\n", _SHOW)
    assert document.lines_holding(("denied", "root")) == [1, 3, 4]
    assert document.lines_holding(("absent",)) == []


def test_an_output_like_the_command_is_no_echo() -> None:
    assert read_document("hostname\n", read_command("hostname")).body == ("hostname", "")


def test_quotes_are_cut() -> None:
    document = read_document("x" * 5000 + "\n" + "y" * 5000, _SHOW)
    assert len(document.quote(0, 1).text) == 1000
    assert document.quote(0, 1).line_end == 1


def test_a_span_of_a_long_line_is_quoted_alone() -> None:
    text = "a" * 300 + "KEY" + "b" * 300
    assert read_document(text, _SHOW).quote_span(text, 300, 303) == Excerpt("KEY", 1, 1)


def test_the_last_words_of_nothing_are_nothing() -> None:
    assert read_document(" \n\n", _SHOW).last_words() == NOTHING
    assert read_document("a\nb \n\n", _SHOW).last_words() == Excerpt("b ", 2, 2)


@pytest.mark.parametrize("text", ['one\ntwo "quoted"\n', "tab\there\nü\n", "a/b\n"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_text_inside_json_is_quoted_as_it_stands_there(text: str, ascii_only: bool) -> None:
    output = json.dumps({"output": text}, indent=1, ensure_ascii=ascii_only)
    document = embedded_document(output, text)
    assert document is not None
    assert document.lines == tuple(text.split("\n"))
    quote = document.quote(0, 1)
    assert quote.text in output
    assert (quote.line_start, quote.line_end) == (2, 2)
    assert "\\n" in quote.text
