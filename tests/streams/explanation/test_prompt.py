import hashlib

from schemas.placeholders import Statement, placeholders_of
from streams.explanation.prompt import prompt
from streams.explanation.version import PROMPT_VERSION
from tests.streams.explanation.samples import LOSS_OUTPUT, loss_request

BOUNDARY = "DATA-feedfacefeedface"
DOWN = Statement("interface.down", "warning", "eth1", 3, {"state": "down"})
UP = Statement("interface.errors", "info", "eth0", 1, {"input_errors": "7"})


def told(**changes: object) -> str:
    return prompt(loss_request(**changes), output_chars=2000, boundary=BOUNDARY).conversation[1].content


def test_findings_stand_with_the_placeholders_of_their_values() -> None:
    text = told(findings=(DOWN, UP), summary="eth1 is down", facts={"interfaces": "2"})
    assert '1. interface.down (warning): {subject} = "eth1", {state} = "down"' in text
    assert '2. interface.errors (info): {subject_2} = "eth0", {input_errors_2} = "7"' in text
    assert 'Facts: {interfaces} = "2"' in text
    assert 'In short: "{subject} is down"' in text
    assert placeholders_of([text]) == {"subject", "state", "subject_2", "input_errors_2", "interfaces"}


def test_a_shared_fingerprint_is_told_by_its_template_an_exact_one_by_its_command() -> None:
    assert 'Command: "ping -c <n> <host>"' in told()
    assert 'Command: "ping -c 4 db1.example.net"' in told(shared=False)


def test_a_long_output_is_shown_by_its_evidence() -> None:
    filler = "\n".join(f"64 bytes: icmp_seq={number}" for number in range(2000))
    text = told(output=filler + "\n" + LOSS_OUTPUT, evidence=((2005, 2005),))
    assert "2005| 4 packets transmitted, 1 received, 75% packet loss" in text
    assert "lines left out" in text
    assert len(text) < 4000


def test_many_findings_are_counted() -> None:
    many = tuple(Statement("interface.down", "warning", f"eth{number}", number) for number in range(50))
    assert "and 38 more like these" in told(findings=many)


def test_another_prompt_is_another_version() -> None:
    """Bump PROMPT_VERSION with any change of the prompt, then put the new digest here."""
    request = loss_request()
    texts = [
        message.content
        for brief in (False, True)
        for message in prompt(request, output_chars=500, brief=brief, boundary=BOUNDARY).again(["wrong"])
    ]
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    assert (PROMPT_VERSION, digest) == ("1", "409100f5b004419e")
