"""Runs commands in processes forked from one that has imported them, because importing takes a second."""

import atexit
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.children import stop

# Forks for each request that it reads, and writes the exit code of the fork. The fork is as if Python had
# just been started with `-c "from MODULE import main; main()"`.
_SERVER = """
import gc, json, os, signal, sys
from importlib import import_module
main = import_module(sys.argv[1]).main
gc.freeze()
for line in sys.stdin:
    request = json.loads(line)
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
for number, path in enumerate(request["outputs"], start=1):
    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
os.chdir(request["folder"])
os.environ.clear()
os.environ.update(request["environment"])
sys.argv[1:] = request["arguments"]
signal.alarm(600)  # a command that hangs fails its test
main()
"""


class WarmCommand:
    """The command whose `main` is in *module*, ready to run; warnings are errors in it."""

    def __init__(self, module: str) -> None:
        self._lock = threading.Lock()
        self._server = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _SERVER, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # A fork has one thread only; Python warns of processes with more.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        atexit.register(self._stop)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end in the folder and environment of this process."""
        with self._lock, TemporaryDirectory() as folder:
            outputs = [Path(folder) / name for name in ("stdout", "stderr")]
            request = {
                "arguments": arguments,
                "folder": str(Path.cwd()),
                "environment": dict(os.environ),
                "outputs": list(map(str, outputs)),
            }
            code = int(self._ask(json.dumps(request)))
            stdout, stderr = (path.read_text(encoding="utf-8") for path in outputs)
        return subprocess.CompletedProcess(arguments, code, stdout, stderr)

    def _ask(self, request: str) -> str:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(request, file=self._server.stdin, flush=True)
        return self._server.stdout.readline()

    def _stop(self) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        stop(self._server)


@cache
def warm(module: str) -> WarmCommand:
    """Return the command of *module*, started once for all tests of this process."""
    return WarmCommand(module)
