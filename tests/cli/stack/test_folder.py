import os
from pathlib import Path

import pytest

from cli.stack.folder import DataFolder
from runtime.errors import ConfigurationError


def test_a_second_holder_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path).held(),
        pytest.raises(ConfigurationError, match=rf"pid {os.getpid()}\).*NETCOPILOT_UP_DATA_DIR"),
        DataFolder(tmp_path).held(),
    ):
        pass


def test_it_can_be_held_again_and_leaves_no_mark(tmp_path: Path) -> None:
    with DataFolder(tmp_path).held():
        pass
    with DataFolder(tmp_path).held():
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "spool"]


def test_it_is_released_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), DataFolder(tmp_path).held():
        raise RuntimeError
    with DataFolder(tmp_path).held():
        pass


def test_a_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ConfigurationError, match="NETCOPILOT_UP_DATA_DIR"), DataFolder(file / "data").held():
        pass
