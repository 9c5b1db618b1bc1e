"""Speed of building and searching, compared with other engines on one machine in one run.

python -m benchmarks.speed --docs 10000 --write
python -m benchmarks.speed --docs 10000 --commits 200 --write
python -m benchmarks.speed --docs 200000 1000000 --peers ours --write
"""

import argparse
import dataclasses
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.comparison import PeerBuild, PeerResult, PeerSearch, report
from benchmarks.corpus import Corpus
from benchmarks.peers import INDEX_OF, PEERS
from benchmarks.peers.engine import AbsentError, Peer, PeerQuery
from benchmarks.performance import describe_machine, memory_mb, write_section
from searcher.server import collector

ROOT = Path(__file__).parents[1]
# Query words are drawn by their frequency in texts; a word in a larger share of the texts is a stop word.
STOP_SHARE = 0.4
KINDS = (("1 word", 1, 0.35), ("2 words", 2, 0.3), ("3 words", 3, 0.15), ("phrase", 2, 0.2))
# Exit status of a process whose engine is not installed.
ABSENT = 3
ROUNDS = 5
# Hundreds of times slower than the others: these search in the first round only.
SLOW = ("whoosh",)
# Reordering needs one segment.
ONE_SEGMENT = ("lucene-reordered",)


def queries(docs: int, count: int, seed: int = 11) -> list[PeerQuery]:
    """Return deterministic queries: words and phrases from releases of the corpus."""
    rng = random.Random(seed)
    sample = list(islice(Corpus().releases(docs), 2_000))
    texts = [(*r.title_tokens.forms, *r.lead_tokens.forms, *r.body_tokens.forms) for r in sample]
    containing: dict[tuple[str, ...], int] = {}
    for text in texts:
        for stem in {forms.stem for forms in text}:
            containing[stem] = containing.get(stem, 0) + 1
    chosen: list[PeerQuery] = []
    while len(chosen) < count:
        (kind, size, _), text = rng.choices(KINDS, [share for *_, share in KINDS])[0], rng.choice(texts)
        if kind == "phrase":
            at = rng.randrange(len(text) - size)
            words = text[at : at + size]
        else:
            words = rng.sample(text, size)
        if all(containing[forms.stem] <= STOP_SHARE * len(texts) for forms in words):
            chosen.append(PeerQuery(kind, tuple(words)))
    return chosen


# --- In a separate process ---------------------------------------------------------------------


def build(peer: Peer, docs: int, commits: int, folder: Path) -> PeerBuild:
    """Index the corpus in *folder*: in one segment or, with *commits*, in the segments that they leave."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seconds = peer.build(folder, Corpus().releases(docs), docs // commits if commits else 0)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return PeerBuild(
        docs=docs, seconds=seconds, size_mb=size / 1e6, memory_mb=memory_mb(peer.process, "VmHWM")
    )


def search(peer: Peer, asked: Sequence[PeerQuery], folder: Path) -> PeerSearch:
    """Open the index and search it; the first half of the queries is timed, the other half warms up."""
    opened = peer.open(folder)
    half = len(asked) // 2
    for _ in range(peer.warm_ups):
        peer.run(asked[half:], 1)
    # As `serve` does; and the queries and the corpus are many objects, which no service has.
    collector.settle()
    runs = {threads: peer.run(asked[:half], threads) for threads in peer.threads}
    latencies: dict[str, list[float]] = {}
    for query, latency_ms in zip(asked, runs[1].latencies_ms, strict=False):
        latencies.setdefault(query.kind, []).append(latency_ms)
    return PeerSearch(
        open_ms=opened.milliseconds,
        segments=opened.segments,
        memory_mb=memory_mb(peer.process, "VmRSS"),
        latencies_ms=latencies,
        per_s={threads: half / run.seconds for threads, run in runs.items()},
        found=sum(answer.total for answer in runs[1].answers),
    )


def _run_part(options: argparse.Namespace) -> None:
    """Build or search one peer, and print what it cost."""
    try:
        peer = PEERS[options.peers]()
    except AbsentError as error:
        print(error)
        sys.exit(ABSENT)
    docs, folder = options.docs[0], options.folder
    cost = (
        build(peer, docs, options.commits, folder)
        if options.only == "build"
        else search(peer, queries(docs, options.queries), folder)
    )
    peer.close()
    print(json.dumps(dataclasses.asdict(cost)))


# --- The command ---------------------------------------------------------------------------------


def measure(names: Sequence[str], options: argparse.Namespace, docs: int, folder: Path) -> list[PeerResult]:
    """Measure the peers, each step in a separate process with memory of its own.

    The peers search in several rounds, so that a busy moment of the machine does not affect only one of them.
    """
    sizes = {name: min(docs, options.whoosh_docs) if name == "whoosh" else docs for name in names}
    sizes_by_index = {INDEX_OF.get(name, name): size for name, size in sizes.items()}
    built = {name: _build_once(name, size, options, folder) for name, size in sizes_by_index.items()}
    present = [name for name in names if built[INDEX_OF.get(name, name)]]
    rounds: dict[str, list[PeerSearch]] = {name: [] for name in present}
    for number in range(options.rounds):
        for name in present:
            if number and (name in SLOW or not rounds[name]):
                continue
            if values := _run_step(name, "search", sizes[name], options, folder):
                rounds[name].append(_read_search(values))
    return [
        PeerResult(name, PeerBuild(**(built[INDEX_OF.get(name, name)] or {})), tuple(rounds[name]))
        for name in present
        if rounds[name]
    ]


def _build_once(name: str, docs: int, options: argparse.Namespace, folder: Path) -> dict[str, Any] | None:
    """Build an index, unless *folder* has it from an earlier run; return what it cost."""
    cost = folder / f"{name}.json"
    if cost.exists():
        earlier: dict[str, Any] = json.loads(cost.read_text())
        return earlier
    values = _run_step(name, "build", docs, options, folder)
    if values:
        cost.write_text(json.dumps(values))
    return values


def _read_search(values: dict[str, Any]) -> PeerSearch:
    per_s = {int(threads): rate for threads, rate in values.pop("per_s").items()}
    return PeerSearch(per_s=per_s, **values)


def _run_step(
    name: str, part: str, docs: int, options: argparse.Namespace, folder: Path
) -> dict[str, Any] | None:
    """Run a step in a separate process; None, and a line on stderr, if it fails or the engine is absent."""
    command = ["-m", "benchmarks.speed", "--docs", str(docs), "--queries", str(options.queries)]
    command += ["--commits", str(options.commits), "--peers", name, "--only", part]
    result = subprocess.run(
        [sys.executable, *command, "--folder", str(folder / INDEX_OF.get(name, name))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    output = (result.stdout if result.returncode in {0, ABSENT} else result.stderr).strip().splitlines()
    if result.returncode:
        print(f"{name}: {output[-1] if output else result.returncode}", file=sys.stderr)
        return None
    values: dict[str, Any] = json.loads(output[-1])
    return values


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed compared with other engines.")
    parser.add_argument("--docs", type=int, nargs="+", default=[10_000], help="one size or several")
    parser.add_argument("--commits", type=int, default=0, help="number of commits; default: one segment")
    parser.add_argument("--queries", type=int, default=2_000, help="half of them warm up, half are timed")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often the peers search in turn")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument(
        "--whoosh-docs", type=int, default=20_000, help="limit for stock Whoosh, which is slow"
    )
    parser.add_argument(
        "--folder", type=Path, help="folder for the indexes, which are reused; default: a temporary folder"
    )
    parser.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    parser.add_argument("--only", choices=("build", "search"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.peers.split(",")) - set(PEERS):
        parser.error(f"--peers: no {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    return options


def main() -> None:
    options = _read_options()
    if options.only:
        _run_part(options)
        return
    machine, names = describe_machine(), options.peers.split(",")
    if options.commits:
        names = [name for name in names if name not in ONE_SEGMENT]
    with tempfile.TemporaryDirectory() as temp_dir:
        folder = options.folder or Path(temp_dir)
        results = [
            measure(names, options, docs, folder / f"{docs}-{options.commits}") for docs in options.docs
        ]
    lines = [machine, *report(results)]
    print("\n".join(lines))
    if options.write:
        commits = f" --commits {options.commits}" if options.commits else ""
        write_section(f"benchmarks.speed {' '.join(map(str, options.docs))}{commits}", lines)


if __name__ == "__main__":
    main()
