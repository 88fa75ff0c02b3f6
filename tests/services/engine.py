"""Whether a Docker engine answers on this machine."""

import functools
import shutil
import subprocess


@functools.cache
def docker_answers() -> bool:
    """Ask the engine once, for at most two seconds."""
    if shutil.which("docker") is None:
        return False
    try:
        answer = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"], capture_output=True, timeout=2, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0
