from pathlib import Path

import pytest

from cli.reference import FOLDER, PAGES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_the_code_says_today(name: str) -> None:
    """`make docs` writes the pages anew."""
    assert (ROOT / FOLDER / name).read_text("utf-8") == PAGES[name]()


def test_nothing_else_is_among_the_generated_pages() -> None:
    assert {path.name for path in (ROOT / FOLDER).iterdir()} == set(PAGES)
