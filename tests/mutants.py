"""`make mutants`: mutation tests of the modules whose faults are hardest to see from outside.

mutmut works in a copy of the tree. docs/mutants.md lists the mutants that may survive, and why.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# A module, and its own tests.
MODULES = {
    "crawler/scheduler/changes/guards.py": "tests/crawler/scheduler/changes/test_guards.py",
    "crawler/downloader/throttle.py": "tests/crawler/downloader/test_throttle.py",
    "crawler/downloader/robots.py": "tests/crawler/downloader/test_robots.py",
    "crawler/urls.py": "tests/crawler/test_urls.py",
    "index/search/evaluator.py": "tests/index/search/test_evaluator.py",
    "index/search/facets.py": "tests/index/search/test_facets.py",
    "index/engines/whoosh/generations.py": "tests/index/engines/whoosh/test_generations.py",
    "index/engines/answers/passages.py": "tests/index/engines/answers/test_passages.py",
    "index/query/lexer.py": "tests/index/query/test_lexer.py",
    "index/query/parser.py": "tests/index/query/test_parser.py",
    "searcher/params.py": "tests/searcher/test_params.py",
}
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
# mutmut's own progress: 12/159.
_PROGRESS = re.compile(r"\d+/(\d+)")
SETTINGS = """[mutmut]
source_paths={module}
pytest_add_cli_args_test_selection=
    {tests}
also_copy=
    {copied}
"""


def main() -> int:
    """Run mutmut on the given modules, or all of them; print the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="a path, or the end of one: throttle.py")
    asked = parser.parse_args().modules or [""]
    chosen = [module for module in MODULES if any(module.endswith(one) for one in asked)]
    if not chosen:
        parser.error(f"no such module; there are {', '.join(MODULES)}")
    for module in chosen:
        print(f"{module}:", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            _mutate(Path(folder), module)
    return 0


def _mutate(folder: Path, module: str) -> None:
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    settings = SETTINGS.format(module=module, tests=MODULES[module], copied="\n    ".join(COPIED))
    (folder / "setup.cfg").write_text(settings, encoding="utf-8")
    mutmut = [sys.executable, "-m", "mutmut"]
    with (folder / "log").open("w", encoding="utf-8") as log:
        ran = subprocess.run([*mutmut, "run"], cwd=folder, stdout=log, stderr=log, check=False)
    if ran.returncode:
        print((folder / "log").read_text(encoding="utf-8"), file=sys.stderr)
        return
    results = subprocess.run([*mutmut, "results"], cwd=folder, capture_output=True, text=True, check=False)
    lines = map(str.strip, results.stdout.splitlines())
    survivors = [line for line in lines if line.endswith((": survived", ": no tests"))]
    total = _PROGRESS.findall((folder / "log").read_text(encoding="utf-8"))[-1]
    print(f"{len(survivors)} of {total} mutants survived", flush=True)
    for line in survivors:
        subprocess.run([*mutmut, "show", line.partition(": ")[0]], cwd=folder, check=False)


if __name__ == "__main__":
    sys.exit(main())
