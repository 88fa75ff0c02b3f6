"""Command-line options from a settings class, so that a flag and its setting cannot drift apart."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar, get_args, get_origin

import click
from pydantic import AliasChoices, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from runtime.errors import ConfigurationError

Settings = TypeVar("Settings", bound=BaseSettings)
Function = TypeVar("Function", bound=Callable[..., Any])


def options_of(model: type[BaseSettings]) -> Callable[[Function], Function]:
    """Decorate a click command with one option for each field, `--data-dir` for `data_dir`.

    Secrets get none: a command line is shown to everyone on the machine.
    """

    def decorate(function: Function) -> Function:
        for name, field in reversed(model.model_fields.items()):
            if not _is_secret(field):
                function = _option(model, name, field)(function)
        return function

    return decorate


def settings_from(model: type[Settings], flags: dict[str, str | None]) -> Settings:
    """Make the settings; a flag that was given wins over the environment and `.env`.

    Raises:
        ConfigurationError: a value does not fit; names the setting and its flag.

    """
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    try:
        return model(**given)
    except ValidationError as error:
        complaints = (f"{_names(model, str(e['loc'][0]))}: {e['msg']}." for e in error.errors())
        raise ConfigurationError("\n".join(complaints)) from None


def _option(model: type[BaseSettings], name: str, field: FieldInfo) -> Callable[[Function], Function]:
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return click.option(
        _flag(name),
        name,
        type=click.Choice(choices) if choices else str,
        metavar=None if choices else "VALUE",
        help=f"{field.description} [{variable(model, name)}; default: {field.default}]",
    )


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _names(model: type[BaseSettings], name: str) -> str:
    return f"{variable(model, name)} ({_flag(name)})"


def variable(model: type[BaseSettings], name: str) -> str:
    """Return the environment variable that sets a field."""
    alias = model.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return next(str(choice) for choice in alias.choices if str(choice).isupper())
    return f"{model.model_config.get('env_prefix', '')}{name}".upper()


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
