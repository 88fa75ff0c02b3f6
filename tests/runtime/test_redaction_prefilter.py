"""The redactor looks at few lines with few rules; it finds what all rules find in all lines."""

import gzip
import json
import os
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.redaction import Redactor
from runtime.redaction.redactor import RULES, Span
from runtime.redaction.rule import Rule
from tests.runtime.redaction_samples import INNOCENT, SECRET, SECRETS, TOKENS

CORPORA = Path(os.environ.get("NETCOPILOT_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora"))
SAMPLES = [*(line.format(s=SECRET) for line in SECRETS), *TOKENS, *INNOCENT]


class Exhaustive(Redactor):
    """Tries every rule on every line."""

    def _candidates(self, lowered: bytes) -> dict[Rule, set[Span]]:
        lines, start = set(), 0
        for line in lowered.split(b"\n"):
            lines.add((start, start + len(line)))
            start += len(line) + 1
        return dict.fromkeys(RULES, lines)


QUICK, EXHAUSTIVE = Redactor(), Exhaustive()


@pytest.mark.parametrize("line", SAMPLES)
def test_on_every_sample(line: str) -> None:
    assert QUICK.redact(line) == EXHAUSTIVE.redact(line)


@given(st.lists(st.one_of(st.sampled_from(SAMPLES), st.text(max_size=12)), max_size=6), st.sampled_from("\n ;="))
def test_on_samples_joined_and_torn(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    assert QUICK.redact(text) == EXHAUSTIVE.redact(text)
    assert QUICK.redact(text[1:-1]) == EXHAUSTIVE.redact(text[1:-1])


@pytest.mark.skipif(not CORPORA.exists(), reason="no corpora: see NETCOPILOT_CORPORA")
@pytest.mark.parametrize("name", ["jc", "ntc_templates", "suzieq"])
def test_on_recorded_outputs(name: str) -> None:
    with gzip.open(CORPORA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, 10):
            output = json.loads(line)["output"][:20_000]
            assert QUICK.redact(output) == EXHAUSTIVE.redact(output)
