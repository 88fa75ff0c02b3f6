"""What an agent remembers of texts changes nothing of what it masks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers import redaction
from producers.redaction import RememberingRedactor
from runtime.redaction import MASK, Redactor
from tests.runtime.redaction_samples import INNOCENT, SECRET, SECRETS, TOKENS

SAMPLES = [*(line.format(s=SECRET) for line in SECRETS), *TOKENS, *INNOCENT]
REMEMBERING, PLAIN = RememberingRedactor(), Redactor()


@given(st.lists(st.one_of(st.sampled_from(SAMPLES), st.text(max_size=8)), max_size=5).map("\n".join))
def test_the_first_and_every_later_time_the_result_is_the_redactors(text: str) -> None:
    expected = PLAIN.redact(text)
    assert [REMEMBERING.redact(text) for _ in range(3)] == [expected] * 3


def test_it_remembers_so_many_and_keeps_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_REMEMBERED", 3)
    redactor = RememberingRedactor()
    for number in range(10):
        assert redactor.redact(f"innocent {number}").count == 0
        assert MASK in redactor.redact(f"PASSWORD={SECRET}{number}").text
    assert len(redactor._innocent) == 3
    assert SECRET not in repr(redactor._innocent)
