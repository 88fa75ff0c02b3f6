import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.redaction import MASK, Redactor
from tests.runtime.redaction_samples import HASH, HEX, INNOCENT, SECRET, SECRETS, TOKENS

REDACTOR = Redactor()

PEM = """-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,0102030405060708

MIIEowIBAAKCAQEAcanary0000000000000000000000000000000000000000000
wggSiAgEAAoIBAQDcanary==
-----END RSA PRIVATE KEY-----
"""


@pytest.mark.parametrize("line", SECRETS)
@pytest.mark.parametrize("secret", [SECRET, HASH, HEX])
def test_a_secret_is_replaced_and_nothing_else(line: str, secret: str) -> None:
    redacted = REDACTOR.redact(line.format(s=secret))
    assert secret not in redacted.text
    if secret == SECRET:
        expected = line.format(s=MASK).replace(f"{MASK}abcdefgh", MASK).replace(f"{MASK}==", MASK)
        assert redacted.text.replace(f"0x{MASK}", MASK) == _widened(expected)
        assert redacted.count >= 1


def _widened(expected: str) -> str:
    """Where the shape does not tell the secret's start, its neighbourhood goes too."""
    for wide in (f"0x{MASK}", f"p@{MASK}", f"session={MASK}"):
        if wide in expected and "Set-Cookie" not in expected:
            return expected.replace(wide, MASK)
    return expected


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "found {} here", '"{}"', "x={};", "({})", "\t{}\r"])
def test_a_token_is_known_by_itself(token: str, around: str) -> None:
    redacted = REDACTOR.redact(around.format(token))
    assert (redacted.text.replace(MASK, token), redacted.count) == (around.format(token), 1)
    assert token not in redacted.text


@pytest.mark.parametrize("line", INNOCENT)
def test_innocent_text_stays(line: str) -> None:
    assert (REDACTOR.redact(line).text, REDACTOR.redact(line).count) == (line, 0)


@pytest.mark.parametrize("prefix", ["", "  ", "\t"])
def test_every_line_of_a_private_key_is_masked_and_keeps_its_place(prefix: str) -> None:
    text = "before\n" + "".join(f"{prefix}{line}\n" for line in PEM.splitlines()) + "after\n"
    redacted = REDACTOR.redact(text)
    lines = redacted.text.splitlines()
    assert len(lines) == len(text.splitlines())
    assert lines[1] == f"{prefix}-----BEGIN RSA PRIVATE KEY-----"
    assert [line.strip() for line in lines[2:7]] == [MASK, MASK, "", MASK, MASK]
    assert (lines[0], lines[8]) == ("before", "after")


def test_a_private_key_that_the_end_cuts_off_is_masked() -> None:
    cut = PEM[: PEM.index("wggSi") + 5]
    assert "canary" not in REDACTOR.redact(cut).text
    assert "wggSi" not in REDACTOR.redact(cut).text


def test_a_begin_line_without_a_key_masks_nothing_innocent() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nthis is prose, not a key\n"
    assert REDACTOR.redact(text).text == text


def test_a_private_key_on_one_line_is_masked_and_json_stays_json() -> None:
    document = json.dumps({"tls": PEM, "port": 1})
    redacted = REDACTOR.redact(document).text
    assert "canary" not in redacted
    assert json.loads(redacted)["port"] == 1


def test_the_words_private_key_alone_are_innocent() -> None:
    assert REDACTOR.redact("PRIVATE KEY\n-----END PRIVATE KEY-----\n").count == 0


def test_a_certificate_is_no_secret() -> None:
    text = PEM.replace("RSA PRIVATE KEY", "CERTIFICATE")
    assert REDACTOR.redact(text).count == 0


def test_json_stays_json() -> None:
    document = {"password": 'a "quoted" one', "list": [{"token": SECRET, "n": 1}], "text": "x"}
    redacted = json.loads(REDACTOR.redact(json.dumps(document)).text)
    assert redacted == {"password": MASK, "list": [{"token": MASK, "n": 1}], "text": "x"}


def test_the_count_is_the_number_of_masks() -> None:
    redacted = REDACTOR.redact("PASSWORD=a TOKEN=b\nnothing\nenable secret 5 c\n")
    assert redacted.count == redacted.text.count(MASK) == 3


def test_letters_outside_ascii_do_not_shift_the_mask() -> None:
    redacted = REDACTOR.redact(f"İstanbul ﬁ PASSWORD={SECRET} Ångström\n")
    assert redacted.text == f"İstanbul ﬁ PASSWORD={MASK} Ångström\n"


_PIECES = st.one_of(
    st.sampled_from([line.format(s=SECRET) for line in SECRETS]),
    st.sampled_from(TOKENS),
    st.sampled_from(INNOCENT),
    st.sampled_from(['"', "'", "\\", ":", "=", " ", "\n", "\t", ",", ";", MASK, "[redacted]", PEM, PEM[:60], "@", "-"]),
    st.sampled_from(["password ", "--token ", "secret 5 ", "key ", "community ", "snmp-server ", "://", "cipher "]),
    st.text(max_size=10),
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = REDACTOR.redact(text)
    twice = REDACTOR.redact(once.text)
    assert (twice.text, twice.count) == (once.text, 0)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_lines_keep_their_numbers(text: str) -> None:
    redacted = REDACTOR.redact(text)
    assert redacted.text.count("\n") == text.count("\n")
    untouched = zip(text.split("\n"), redacted.text.split("\n"), strict=True)
    assert all(after == before or MASK in after for before, after in untouched)


@pytest.mark.parametrize(
    "unit",
    [
        "password",
        "password ",
        "--password=",
        "-",
        " ",
        "mysql ",
        "mysql -",
        "snmp auth ",
        "a://b:",
        "://",
        "://a:b@",
        '\\"',
        '"password": "',
        "key ",
        "<password>",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----",
        "$1$",
        "eyJ",
        "eyJaaaaaaaaa.",
        "%^%#",
        "neighbor a ",
        "authorization: bearer ",
        "echo a|",
        "a:!",
        "secret\n",
        "cipher password ",
        "curl -u a ",
        "x=1 username password secret key token snmp auth -p -u -w -cli :// :/ \n",
    ],
)
def test_time_is_linear(unit: str) -> None:
    """A hostile megabyte takes seconds of processor time at most; a quadratic rule would take hours."""
    assert _seconds(unit * (1_000_000 // len(unit))) < 10


def test_a_typical_megabyte_takes_well_under_a_second() -> None:
    line = "2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state UP group default qlen 1000\n"
    block = line * 9 + "user lab, key chain x, secret passage, token ring\n"
    text = block * (1_000_000 // len(block))
    assert min(_seconds(text) for _ in range(3)) < 0.5


def _seconds(text: str) -> float:
    started = time.process_time()
    REDACTOR.redact(text)
    return time.process_time() - started
