import json
import shutil
from pathlib import Path

import pytest

from schemas import catalog, release
from schemas.errors import IncompatibleSchemaError


def test_a_first_release_numbers_every_subject_from_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.json").write_text("[]")
    monkeypatch.setattr(catalog, "released", lambda: ())
    catalog.latest.cache_clear()
    written = release.release(tmp_path)
    catalog.latest.cache_clear()
    assert written[0] == "commands.executed-value 1"
    index = json.loads((tmp_path / "index.json").read_text())
    assert [entry["id"] for entry in index] == list(range(1, len(index) + 1))
    assert all((tmp_path / e["subject"] / f"{e['version']}.avsc").is_file() for e in index)


def test_a_changed_source_becomes_the_next_version_and_a_breaking_one_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(Path(catalog.__file__).parent / "released", tmp_path, dirs_exist_ok=True)
    before = len(json.loads((tmp_path / "index.json").read_text()))
    source = catalog.source("Analysis")
    source["fields"].append({"name": "tokens", "type": "int", "default": 0})
    original = catalog.source
    monkeypatch.setattr(catalog, "source", lambda record: source if record == "Analysis" else original(record))
    following = catalog.latest("analyses-value").version + 1
    assert release.release(tmp_path) == [f"analyses-value {following}"]
    assert len(json.loads((tmp_path / "index.json").read_text())) == before + 1
    del source["fields"][-1]["default"]
    with pytest.raises(IncompatibleSchemaError, match="analyses-value: version 1"):
        release.release(tmp_path)
    assert len(json.loads((tmp_path / "index.json").read_text())) == before + 1
