"""Commands that the kernel ends at a moment of their own processor time, however busy the machine is.

As by `kill -9`: SIGPROF ends a process that does not handle it at once.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from crawler import crawl
from index import reindex
from tests.accidents import later_crawl
from tests.support import changes_follower
from tests.support.warm_command import warm

COMMANDS = {
    "crawl": crawl.main,
    "later_crawl": later_crawl.main,
    "reindex": reindex.main,
    "follow": changes_follower.main,
}
_LIFE, _SPENT = "KILLED_AFTER_S", "SPENT_FILE"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    was_killed: bool
    code: int
    stderr: str
    spent_s: float
    """Its processor time; 0 if it was killed."""


def run_killed(folder: Path, name: str, *arguments: str, after_s: float = 0.0) -> Ended:
    """Run a command with the settings in *folder*, and end it after so much processor time; 0: never."""
    spent = folder / "spent"
    spent.unlink(missing_ok=True)
    os.environ |= {_LIFE: str(after_s), _SPENT: str(spent)}
    try:
        done = warm(__name__).run(name, *arguments, "--config", str(folder / "config.toml"))
    finally:
        del os.environ[_LIFE], os.environ[_SPENT]
    is_over = spent.exists()
    return Ended(
        done.returncode == -signal.SIGPROF,
        done.returncode,
        done.stderr,
        float(spent.read_text()) if is_over else 0.0,
    )


def main() -> NoReturn:
    """Run the command that is named first, within its life."""
    name = sys.argv.pop(1)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, float(os.environ[_LIFE]))
    try:
        COMMANDS[name]()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(os.environ[_SPENT]).write_text(str(time.process_time() - began))
    raise SystemExit(0)
