"""Replacing secrets in command lines and outputs before they leave a process.

The device agent redacts what it publishes, the API what it takes in. The rules know shapes of secrets (command-line
options, assignments, HTTP headers, URLs, tokens, private keys, network device configuration), not the secrets.
"""

from runtime.redaction.redactor import MASK, REDACTION_VERSION, Redacted, Redactor

__all__ = ["MASK", "REDACTION_VERSION", "Redacted", "Redactor"]
