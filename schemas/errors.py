"""What can be wrong with a message or a registry.

SchemaError
|- DatumError           the bytes are not what the contract says: dead-letter them
|  `- UnknownSchemaError   no schema has that id
|- RegistryUnavailableError   the registry did not answer: try again
`- IncompatibleSchemaError   the schema breaks the evolution rules: stop
"""


class SchemaError(Exception):
    """Base of this package's errors."""


class DatumError(SchemaError):
    """A message's bytes are not what the contract says."""


class UnknownSchemaError(DatumError):
    """A message names a schema id that the registry does not know."""


class RegistryUnavailableError(SchemaError):
    """The schema registry did not answer; the same call may succeed later."""


class IncompatibleSchemaError(SchemaError):
    """A schema cannot join its subject under FULL_TRANSITIVE."""
