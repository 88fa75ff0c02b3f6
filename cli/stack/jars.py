"""Apache Kafka's jars, resolved by Maven into a cache folder."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from runtime.errors import ConfigurationError

KAFKA_FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "kafka"
_POM = KAFKA_FOLDER / "pom.xml"
_CURE = "install them (Debian: apt-get install -y maven default-jre-headless) or use the embedded broker"


@dataclass(frozen=True, slots=True)
class KafkaJars:
    """A folder that holds the broker's jars."""

    folder: Path

    @property
    def class_path(self) -> str:
        """What `java -cp` takes."""
        return f"{self.folder}/*"


def apache_kafka_is_available() -> bool:
    """Whether this machine has what Apache Kafka needs: Java, Maven and the project's pom."""
    return _POM.is_file() and shutil.which("java") is not None and shutil.which("mvn") is not None


def resolve_jars() -> KafkaJars:
    """Return the jars of `deploy/kafka/pom.xml`, asking Maven for them when they are not cached.

    The cache is `$XDG_CACHE_HOME/netcopilot/kafka-<version>`; it holds a copy of the pom it came from, and a pom that
    differs is resolved anew.

    Raises:
        ConfigurationError: Java, Maven or the pom is missing, or Maven could not resolve the jars.

    """
    if not apache_kafka_is_available():
        raise ConfigurationError(f"Apache Kafka needs java, mvn and {_POM}: {_CURE}.")
    pom = _POM.read_bytes()
    cache = _cache_folder(pom.decode())
    if not _holds(cache, pom):
        _fill(cache, pom)
    return KafkaJars(cache)


def _cache_folder(pom: str) -> Path:
    version = re.search(r"<kafka\.version>([^<]+)<", pom)
    if version is None:
        raise ConfigurationError(f"{_POM} names no kafka.version.")
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "netcopilot" / f"kafka-{version[1]}"


def _holds(cache: Path, pom: bytes) -> bool:
    copy = cache / "pom.xml"
    return copy.is_file() and copy.read_bytes() == pom


def _fill(cache: Path, pom: bytes) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent, prefix=f"{cache.name}.") as scratch:
        fresh = Path(scratch) / "jars"
        _copy_dependencies(fresh)
        (fresh / "pom.xml").write_bytes(pom)
        if cache.exists():
            cache.rename(Path(scratch) / "outdated")
        try:
            fresh.rename(cache)
        except OSError:
            if not _holds(cache, pom):  # else another process was faster
                raise


def _copy_dependencies(target: Path) -> None:
    command = ["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    result = subprocess.run([*command, f"-DoutputDirectory={target}"], capture_output=True, text=True, check=False)
    if result.returncode != 0 or not target.is_dir():
        last_lines = "\n".join((result.stdout + result.stderr).strip().splitlines()[-10:])
        raise ConfigurationError(
            f"Maven could not resolve Apache Kafka (is the network up?). Its last lines:\n{last_lines}"
        )
