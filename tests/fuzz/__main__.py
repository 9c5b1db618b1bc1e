"""`make fuzz`: looks for inputs that break a reader of bytes, and for examples that break a property.

Half of the time is for the targets, half for the properties. An input that breaks a target is added to its
corpus, so that `make test` fails until the fault is mended.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.corpus import read_corpus, write_corpus

ROOT = Path(__file__).parents[2]
NAMES = ("page", "feed", "query", "segment")
# Longer inputs take longer, and reach little more.
BYTES_MAX = 8192
INPUT_S_MAX = 30
# What is kept of each target: the corpus is part of the tree.
KEPT_BYTES_MAX = 50_000


def main() -> int:
    """Fuzz the given targets, or all, and the properties; return 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long, at most (10)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(NAMES)}, or properties")
    asked = parser.parse_args()
    chosen = asked.targets or [*NAMES, "properties"]
    share = {name: len(NAMES) if name == "properties" else 1 for name in chosen}
    seconds = asked.minutes * 60 / sum(share.values())
    broken = [name for name in chosen if not _holds(name, seconds * share[name])]
    for name in broken:
        print(f"{name}: broken; see above", file=sys.stderr)
    return 1 if broken else 0


def _holds(name: str, seconds: float) -> bool:
    print(f"{name}: {seconds:.0f} s", flush=True)
    return _properties_hold(seconds) if name == "properties" else _target_holds(name, seconds)


def _properties_hold(seconds: float) -> bool:
    """Try new examples of all properties, again and again until the time is over."""
    end = time.monotonic() + seconds
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "-m",
        "hypothesis",
        "--explore",
        "--maxfail=1",
    ]
    while True:
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return False
        if time.monotonic() > end:
            return True


def _target_holds(name: str, seconds: float) -> bool:
    with TemporaryDirectory() as folder:
        found, kept = Path(folder, "found"), Path(folder, "kept")
        for made in (found, kept):
            made.mkdir()
        for number, content in enumerate(_seeds(name)):
            (found / f"seed-{number}").write_bytes(content)
        options = [
            f"-max_total_time={seconds:.0f}",
            f"-timeout={INPUT_S_MAX}",
            f"-artifact_prefix={folder}/broken-",
        ]
        holds = _fuzz(name, *options, str(found))
        # Of all that was found, the fewest inputs that reach as much.
        _fuzz(name, "-merge=1", str(kept), str(found))
        smallest = _smallest(path.read_bytes() for path in kept.iterdir())
        broken = [path.read_bytes() for path in Path(folder).glob("broken-*")]
        for content in broken:
            print(f"{name}: broken by {content!r}", flush=True)
        write_corpus(name, [*smallest, *broken] or read_corpus(name))
    return holds


def _smallest(inputs: Iterable[bytes]) -> list[bytes]:
    """Return the smallest of *inputs*, as many as may be kept."""
    ordered = sorted(inputs, key=len)
    ends = accumulate(map(len, ordered))
    return [content for content, end in zip(ordered, ends, strict=True) if end <= KEPT_BYTES_MAX]


def _seeds(name: str) -> Iterable[bytes]:
    """Yield the inputs to begin with: those kept, and whole pages for the page reader."""
    yield from read_corpus(name)
    if name == "page":
        for page in sorted((ROOT / "tests" / "crawler" / "extraction" / "pages").rglob("*.html")):
            yield page.read_bytes()[:BYTES_MAX]


def _fuzz(name: str, *arguments: str) -> bool:
    command = [sys.executable, "-m", "tests.fuzz.fuzzer", name, f"-max_len={BYTES_MAX}", "-rss_limit_mb=4096"]
    return (
        subprocess.run([*command, "-print_final_stats=1", *arguments], cwd=ROOT, check=False).returncode == 0
    )


if __name__ == "__main__":
    sys.exit(main())
