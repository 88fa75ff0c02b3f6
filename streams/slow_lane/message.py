"""Executions and analyses as lines of JSON, between a worker and its own child process."""

import json
from dataclasses import asdict

from streams.analysis.analysis import Analysis
from streams.analysis.execution import Execution
from streams.analysis.finding import Finding, Severity


def question(execution: Execution) -> bytes:
    """Return an execution as a line, in ASCII, without its end."""
    return json.dumps(asdict(execution)).encode()


def read_question(line: bytes) -> Execution:
    """Return the execution of a question."""
    return Execution(**json.loads(line))


def answer(analysis: Analysis) -> bytes:
    """Return an analysis as a line, in ASCII, without its end."""
    return json.dumps(asdict(analysis) | {"fingerprint": analysis.fingerprint.hex()}).encode()


def read_answer(line: bytes) -> Analysis:
    """Return the analysis of an answer."""
    fields = json.loads(line)
    findings = (finding | {"severity": Severity(finding["severity"])} for finding in fields["findings"])
    return Analysis(
        **fields
        | {
            "fingerprint": bytes.fromhex(fields["fingerprint"]),
            "findings": tuple(Finding(**finding) for finding in findings),
        }
    )
