"""Break the platform's parts in turn under load, and account for every event: `make chaos`.

    python -m tests.chaos [--seed N] [--minutes N] [--faults N] [--rate N] [--folder PATH]

Prints what happens while it runs, tables at the end and, last, one JSON line. Exit code: 0 when every event that agents
acknowledged is visible exactly once or in the dead letters, 1 when not, 130 after Ctrl-C. docs/chaos.md tells more.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from rich.console import Console

from tests.chaos.platform import Platform, Scale, StartError, running_platform
from tests.chaos.report import Report
from tests.chaos.run import ChaosRun
from tests.chaos.schedule import schedule

_EXIT_INTERRUPTED = 128 + signal.SIGINT


def main() -> None:
    """Run and exit."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console(stderr=True)
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="netcopilot-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    console.print(f"seed {arguments.seed}; logs, journals and data in {folder}")
    try:
        code = _run(arguments, folder, console)
    except (StartError, KeyboardInterrupt) as error:
        console.print(f"[bold red]{error or 'interrupted'}[/]")
        code = _EXIT_INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
    if code:
        console.print(f"every process's log is in {folder}")
    elif arguments.folder is None:
        shutil.rmtree(folder)
    sys.exit(code)


def _run(arguments: argparse.Namespace, folder: Path, console: Console) -> int:
    """Return the exit code."""
    scale = Scale(rate=arguments.rate)
    with console.status("starting") as status, running_platform(folder, scale) as platform:
        run = ChaosRun(platform, now=status.update, done=console.print)
        interrupted = _suffer(run, arguments, scale)
        report = _report(run, platform, arguments)
    report.show(console)
    print(json.dumps(report.record()))
    if interrupted:
        return _EXIT_INTERRUPTED
    return 0 if run.course.is_sound else 1


def _suffer(run: ChaosRun, arguments: argparse.Namespace, scale: Scale) -> bool:
    """Do everything; return whether Ctrl-C ended it."""
    try:
        faults = schedule(arguments.seed, scale.sizes)
        run.injure(faults, seconds=60 * arguments.minutes, at_least=arguments.faults)
        run.account()
    except KeyboardInterrupt:
        return True
    finally:
        run.close()
    return False


def _report(run: ChaosRun, platform: Platform, arguments: argparse.Namespace) -> Report:
    run.books.catch_up()
    return Report(
        seed=arguments.seed,
        minutes=arguments.minutes,
        rate=arguments.rate,
        taken=run.books.count,
        crashes=platform.keeper.crashes,
        course=run.course,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10_000), help="repeats a run's faults")
    parser.add_argument("--minutes", type=float, default=15, help="how long faults go on (15)")
    parser.add_argument("--faults", type=int, default=0, help="go on until so many faults, however long it takes (0)")
    parser.add_argument("--rate", type=float, default=150, help="events a second (150)")
    parser.add_argument("--folder", type=Path, help="where logs and data go; default a new temporary folder")
    return parser.parse_args()


if __name__ == "__main__":
    main()
