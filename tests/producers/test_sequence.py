import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from producers.errors import SpoolUnusableError
from producers.sequence import SequenceCounter
from tests.producers.conftest import Environment

TAKER = """
import sys
from pathlib import Path
from producers.sequence import SequenceCounter
counter = SequenceCounter(Path(sys.argv[1]), "agent")
print(*(counter.next() for _ in range(500)))
"""


def test_it_counts_from_one_and_over_restarts(tmp_path: Path) -> None:
    first = SequenceCounter(tmp_path, "agent")
    assert [first.next(), first.next()] == [1, 2]
    assert SequenceCounter(tmp_path, "agent").next() == 3


def test_agents_count_apart(tmp_path: Path) -> None:
    assert SequenceCounter(tmp_path, "a/../b").next() == 1
    assert SequenceCounter(tmp_path, "b").next() == 1


def test_processes_side_by_side_share_one_gapless_sequence(tmp_path: Path, environment: Environment) -> None:
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(3)
    ]
    taken = [list(map(int, taker.communicate(timeout=60)[0].split())) for taker in takers]
    assert all(numbers == sorted(numbers) for numbers in taken)
    assert sorted(chain.from_iterable(taken)) == list(range(1, 1501))


def test_a_damaged_counter_names_the_cure(tmp_path: Path) -> None:
    SequenceCounter(tmp_path, "agent").next()
    (file,) = tmp_path.iterdir()
    file.write_text("12")
    with pytest.raises(SpoolUnusableError, match="remove it to count from 1"):
        SequenceCounter(tmp_path, "agent").next()


def test_an_unusable_folder_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpoolUnusableError, match="NETCOPILOT_SPOOL_DIR"):
        SequenceCounter(tmp_path / "file", "agent")
