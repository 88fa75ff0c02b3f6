"""Errors by what happens next.

    NetcopilotError
    |- TransientError       try again, for ever, with back-off
    |- DataError            this message goes to the dead letters, its reason with it
    `- ConfigurationError   stop and tell the operator what to change

Whatever else is raised is a defect: the process logs it, exits, and its supervisor starts it again.
"""


class NetcopilotError(Exception):
    """Base of all errors that netcopilot raises on purpose."""


class TransientError(NetcopilotError):
    """A dependency failed in a way that passes: the same action may succeed later."""


class DataError(NetcopilotError):
    """A message cannot be processed, now or ever; its text is shown to people and holds no secret."""


class ConfigurationError(NetcopilotError):
    """Only a person can mend this; the message names the cure."""
