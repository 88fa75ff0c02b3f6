import subprocess
import sys

import psutil

_PARENT = """
import subprocess, sys, time
from runtime.deathsignal import tie_to_this_process
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)"], process_group=0, preexec_fn=tie_to_this_process()
)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_does_not_survive_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
    gone, alive = psutil.wait_procs([child], timeout=10)
    assert (gone, alive) == ([child], [])
