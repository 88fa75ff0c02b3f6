from pathlib import Path

import pytest

from cli.stack import jars
from cli.stack.jars import apache_kafka_is_available, resolve_jars
from runtime.errors import ConfigurationError

needs_maven = pytest.mark.skipif(not apache_kafka_is_available(), reason="java or mvn is missing")


def test_without_java_and_maven_the_error_tells_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not apache_kafka_is_available()
    with pytest.raises(ConfigurationError, match="apt-get install -y maven"):
        resolve_jars()


@needs_maven
def test_the_jars_are_cached_by_version_and_resolved_anew_when_the_pom_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved: list[Path] = []

    def copy(target: Path) -> None:
        target.mkdir(parents=True)
        (target / "kafka.jar").touch()
        resolved.append(target)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(jars, "_copy_dependencies", copy)
    pom = tmp_path / "pom.xml"
    monkeypatch.setattr(jars, "_POM", pom)

    pom.write_text("<kafka.version>1.2.3</kafka.version>")
    first = resolve_jars()
    assert first.folder == tmp_path / "cache" / "netcopilot" / "kafka-1.2.3"
    assert (first.folder / "kafka.jar").exists()
    assert resolve_jars() == first
    assert len(resolved) == 1

    pom.write_text("<kafka.version>1.2.3</kafka.version><log4j.version>2</log4j.version>")
    assert resolve_jars() == first
    assert len(resolved) == 2
    assert [path.name for path in first.folder.parent.iterdir()] == ["kafka-1.2.3"]


@needs_maven
def test_what_maven_says_is_in_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pom = tmp_path / "pom.xml"
    pom.write_text("<project><kafka.version>1</kafka.version></project>")
    monkeypatch.setattr(jars, "_POM", pom)
    with pytest.raises(ConfigurationError, match="Maven could not resolve"):
        resolve_jars()
