"""The slow lane's process: an execution a line in, its analysis a line out.

It runs the engine in its main thread, where the deadline holds inside a regular expression too.
"""

import os
import sys

from streams.analysis.engine import Engine
from streams.analysis.thresholds import ThresholdBook
from streams.slow_lane.message import answer, read_question

THRESHOLDS = "NETCOPILOT_THRESHOLDS"


def main() -> None:
    """Answer until standard input ends; the argument is the deadline in seconds."""
    engine = Engine(float(sys.argv[1]), ThresholdBook.from_json(os.environ.get(THRESHOLDS, "")))
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(answer(engine.analyze(read_question(line))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
