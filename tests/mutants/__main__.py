"""`make mutants`: mutants drawn from a room, each tried against the tests of its modules.

Without a room it is the turn of the one that docs/mutants.md has not measured, or measured longest ago; the
score is written there. mutmut works in a copy of the tree.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from tests.mutants.rooms import ROOT, own_tests, rooms
from tests.mutants.rota import DOCUMENT, Score, next_room, read_scores, with_scores

COPIED = (
    "crawler",
    "index",
    "searcher",
    "samples",
    "tests",
    "docs",
    "preses_relizes",
    "config.toml",
    "pyproject.toml",
)
# lxml asks a target of its parser how many arguments its methods take, which a mutated one does not say.
UNTOUCHED = "crawler/extraction/html/tree.py"
SETTINGS = """[mutmut]
source_paths=
    {modules}
pytest_add_cli_args_test_selection=
    {tests}
also_copy=
    {copied}
do_not_mutate=
    {untouched}
"""
MUTMUT = [sys.executable, "-m", "mutmut"]
# mutmut names the mutant in use in this variable, which the commands that tests start inherit.
IN_USE = "MUTANT_UNDER_TEST"
# A mutant that never ends is killed; the tests of a module take seconds, and minutes on a busy machine.
TESTS_S = 900
# mutmut's exit code of the tests of a mutant that survived, and of one that no test runs.
SURVIVED, UNTESTED = 0, 33


def main() -> int:
    """Try mutants of a room or a module; print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--room", help="such as index/query; by default, the next by rota")
    parser.add_argument("--module", help="a path, or the end of one: throttle.py; all its mutants, no score")
    parser.add_argument("--sample", type=int, default=60, help="mutants drawn from the room (60)")
    asked = parser.parse_args()
    scores = read_scores(DOCUMENT.read_text(encoding="utf-8"))
    if asked.module:
        modules = [one for room in rooms().values() for one in room if one.endswith(asked.module)]
        return 0 if modules and _try_out(modules, sys.maxsize) else 1
    room = asked.room or next_room(rooms(), scores)
    if room not in rooms():
        parser.error(f"no such room; there are {', '.join(rooms())}")
    print(f"{room}:", flush=True)
    score = _try_out(rooms()[room], asked.sample)
    if score is None:
        return 1
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_scores(text, scores | {room: score}), encoding="utf-8")
    return 0


def _try_out(modules: list[str], sample: int) -> Score | None:
    """Try at most *sample* mutants of *modules*; None if there are no mutants of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, modules)
        # mutmut cannot only make mutants: asked for one that does not exist, it fails after it has made all.
        _mutmut(folder, "run", "none")
        names = _exit_codes(folder)
        if not names:
            print((folder / "log").read_text(encoding="utf-8"), file=sys.stderr)
            return None
        drawn = random.sample(sorted(names), min(sample, len(names)))
        if not (is_run := _mutmut(folder, "run", *drawn)):
            print(
                "mutmut cannot run these tests, so each mutant is tried against all of its module", flush=True
            )
        codes = _exit_codes(folder)
        doubtful = sorted(one for one in drawn if not is_run or codes[one] in (SURVIVED, UNTESTED))
        survivors = [one for one in doubtful if _survives_all(folder, one)]
        print(f"{len(survivors)} of {len(drawn)} mutants survived", flush=True)
        for one in survivors:
            subprocess.run([*MUTMUT, "show", one], cwd=folder, check=False)
    return Score(date.today(), len(drawn), len(drawn) - len(survivors))  # noqa: DTZ011 - the day of the run


def _prepare(folder: Path, modules: Sequence[str]) -> None:
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    lists = {"modules": modules, "tests": own_tests([*modules]), "copied": COPIED, "untouched": [UNTOUCHED]}
    settings = SETTINGS.format(**{name: "\n    ".join(values) for name, values in lists.items()})
    (folder / "setup.cfg").write_text(settings, encoding="utf-8")


def _survives_all(folder: Path, mutant: str) -> bool:
    """Whether all tests of its module pass: mutmut runs those that call the mutated function themselves.

    It does not see what a command calls that a test starts.
    """
    module = f"{mutant.rpartition('.')[0].replace('.', '/')}.py"
    if not _passes(folder, module, ""):
        raise SystemExit(f"{module}: its tests fail in the copy of the tree, without any mutant; no score")
    return _passes(folder, module, mutant)


@cache
def _passes(folder: Path, module: str, mutant: str) -> bool:
    """Whether the tests of a *module* pass; commands that they start have the *mutant*, too."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", *own_tests([module])],
            cwd=folder / "mutants",
            env=os.environ | {"PYTHONPATH": str(folder / "mutants"), IN_USE: mutant},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TESTS_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _mutmut(folder: Path, *arguments: str) -> bool:
    with (folder / "log").open("w", encoding="utf-8") as log:
        done = subprocess.run([*MUTMUT, *arguments], cwd=folder, stdout=log, stderr=log, check=False)
    return done.returncode == 0


def _exit_codes(folder: Path) -> dict[str, int | None]:
    """Return the exit code of the tests by mutant; None if it was not tried."""
    metas = (folder / "mutants").rglob("*.py.meta")
    found: dict[str, int | None] = {}
    for meta in metas:
        found.update(json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


if __name__ == "__main__":
    sys.exit(main())
