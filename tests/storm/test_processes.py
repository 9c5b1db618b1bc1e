import sys
from pathlib import Path

import pytest

from tests.storm import processes
from tests.storm.crawls import INSIDE
from tests.storm.inside.sitecustomize import END_OF_STACKS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: reads processes from /proc")


@pytest.mark.parametrize(("ignored", "is_killed"), [("SIGINT", False), ("SIGTERM", True)])
def test_a_late_command_writes_its_stacks_and_is_stopped(
    tmp_path: Path, ignored: str, is_killed: bool
) -> None:
    program = f"import signal\nsignal.signal(signal.{ignored}, signal.SIG_IGN)\nwhile True: signal.pause()"
    ended = processes.run(
        [sys.executable, "-c", program],
        folder=tmp_path,
        environment={"STORM_NOTES": str(tmp_path / "notes"), "PYTHONPATH": str(INSIDE)},
        bound_s=0.2,
        stop_bound_s=0.2,
    )
    assert (ended.was_late, ended.is_killed) == (True, is_killed)
    stacks = (tmp_path / "notes.stacks").read_text()
    assert stacks.index("in <module>") < stacks.index(END_OF_STACKS)
    assert stacks.count(END_OF_STACKS) == 1 + is_killed
