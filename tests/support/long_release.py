"""Indexes one release with a text, and prints how many KiB of memory that took.

Usage: python -m tests.support.long_release TEXT (a Python expression)
"""

import resource
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from index.analysis import default_analyzer
from index.engines.whoosh.indexer import build
from tests.support.engines import faults
from tests.support.new_store import new_store
from tests.support.reindexing import SEEN, release

# Opens the dictionary when imported, so that it is loaded once for all forks of `tests.support.warm_command`.
default_analyzer().query_forms("vārds")


def memory_kib() -> int:
    """Return the most memory that this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    text, analyzer = eval(sys.argv[1]), default_analyzer()
    with TemporaryDirectory() as folder, new_store(Path(folder) / "releases.sqlite3") as store:
        store.save(replace(release("a"), body=text), seen=SEEN)
        (Path(folder) / "index").mkdir()
        before = memory_kib()
        build(Path(folder) / "index", store, analyzer)
        print(memory_kib() - before)
        assert faults(Path(folder) / "index", analyzer, releases=1) == []


if __name__ == "__main__":
    main()
