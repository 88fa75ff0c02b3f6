"""The hand-written pages: their links lead somewhere, their commands exist."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]

_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
_CODE = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_OPTION = re.compile(r"--[a-z][a-z-]+")


def commands(page: Path) -> list[str]:
    """Return every `netcopilot` command line of a page's shell blocks, without what the command itself runs."""
    lines = "\n".join(_CODE.findall(page.read_text("utf-8"))).splitlines()
    return [f"netcopilot {m[1]}" for line in lines for m in re.finditer(r"netcopilot ([a-z][^|#&]*)", line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    missing = [link for link in _LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("line", sorted({line for page in PAGES for line in commands(page)}))
def test_commands_and_their_options_exist(line: str) -> None:
    words = shlex.split(line.split(" -- ", maxsplit=1)[0])[1:]
    subcommands = [word for word in words if re.fullmatch("[a-z]+", word)][:2]
    helped = CliRunner().invoke(main, [*subcommands[:1], "--help"], terminal_width=300)
    if len(subcommands) == 2 and re.search(rf"^  {subcommands[1]}\b", helped.output, re.MULTILINE):
        helped = CliRunner().invoke(main, [*subcommands, "--help"], terminal_width=300)
    assert helped.exit_code == 0, helped.output
    for option in _OPTION.findall(" ".join(words)):
        assert option in helped.output


def test_the_readme_shows_commands() -> None:
    assert len(commands(ROOT / "README.md")) >= 5


def test_every_make_target_of_the_pages_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`make ([a-z]+)", page.read_text("utf-8"))) <= targets
