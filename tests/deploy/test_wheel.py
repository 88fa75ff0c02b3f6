"""The package that the image installs: nothing that the source tree has is missing from it."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.deploy.tree import ROOT

_PACKAGES = ("schemas", "runtime", "producers", "streams", "sinks", "api", "cli")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of what the Dockerfile copies, so that the build leaves nothing in the tree."""
    folder = tmp_path / "src"
    for package in _PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, folder)
    return folder


def test_holds_every_file_of_the_packages(sources: Path, tmp_path: Path) -> None:
    wanted = {
        str(file.relative_to(sources))
        for package in _PACKAGES
        for file in (sources / package).rglob("*")
        if file.is_file()
    }
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), "."]
    result = subprocess.run([sys.executable, *build], cwd=sources, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert wanted - set(archive.namelist()) == set()
