import os
import sys
from pathlib import Path

import pytest

from tests.support.children import child, open_pipe, run_bounded

# Its child never returns from a C function. The child's `ready` stays open until the child ends.
PARENT = """
import multiprocessing, re, sys
from preses_relizes.shared.child_process import end_with_parent

def work(path):
    end_with_parent()
    with open(path, "w") as ready:
        print("ready", file=ready, flush=True)
        re.match("(a+)+$", "a" * 60 + "b")

if __name__ == "__main__":
    method, path = sys.argv[1:]
    child = multiprocessing.get_context(method).Process(target=work, args=(path,))
    child.start()
    child.join()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_child_ends_with_a_parent_that_is_killed(method: str, tmp_path: Path) -> None:
    program, ready = tmp_path / "parent.py", tmp_path / "ready"
    program.write_text(PARENT)
    os.mkfifo(ready)
    path = os.pathsep.join(sys.path)
    with (
        child([sys.executable, program, method, ready], env={**os.environ, "PYTHONPATH": path}) as parent,
        open_pipe(ready) as alive,
    ):
        assert alive.readline() == "ready\n"
        parent.kill()
        assert alive.read() == ""


def test_process_without_such_a_parent_continues() -> None:
    code = "from preses_relizes.shared.child_process import end_with_parent; end_with_parent(); print('on')"
    done = run_bounded([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "on\n"
