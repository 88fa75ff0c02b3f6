from pathlib import Path

import pytest

from cli.stack.clickhouse.folder import locked
from runtime.errors import ConfigurationError


def test_a_folder_can_be_owned_again_once_it_is_let_go(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    for _ in range(2):
        with locked(folder):
            assert folder.is_dir()


def test_a_path_that_the_engine_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="question mark"), locked(tmp_path / "what?"):
        pass
