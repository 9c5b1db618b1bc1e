"""Build and search speed compared with other engines, on one machine in one run.

python -m benchmarks.speed --docs 10000
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

ROOT = Path(__file__).parents[1]
# Query words are drawn as often as texts contain them; a word in a larger share of the texts is a stop word.
STOP_SHARE = 0.4
KINDS = (("1 word", 1, 0.35), ("2 words", 2, 0.3), ("3 words", 3, 0.15), ("phrase", 2, 0.2))
# Exit status of a process whose engine is not installed.
ABSENT = 3
ROUNDS = 3


def queries(docs: int, count: int, seed: int = 11) -> list[PeerQuery]:
    """Return deterministic queries: words and phrases from releases of the corpus."""
    drawn = random.Random(seed)
    sample = list(islice(Corpus().releases(docs), 2_000))
    texts = [(*r.title_tokens.forms, *r.lead_tokens.forms, *r.body_tokens.forms) for r in sample]
    standing: dict[tuple[str, ...], int] = {}
    for text in texts:
        for stem in {forms.stem for forms in text}:
            standing[stem] = standing.get(stem, 0) + 1
    asked: list[PeerQuery] = []
    while len(asked) < count:
        (kind, size, _), text = drawn.choices(KINDS, [share for *_, share in KINDS])[0], drawn.choice(texts)
        if kind == "phrase":
            at = drawn.randrange(len(text) - size)
            words = text[at : at + size]
        else:
            words = drawn.sample(text, size)
        if all(standing[forms.stem] <= STOP_SHARE * len(texts) for forms in words):
            asked.append(PeerQuery(kind, tuple(words)))
    return asked


# --- In a separate process ---------------------------------------------------------------------


def build(peer: Peer, docs: int, folder: Path) -> PeerBuild:
    """Index the corpus in *folder*."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seconds = peer.build(folder, Corpus().releases(docs))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return PeerBuild(
        docs=docs, seconds=seconds, size_mb=size / 1e6, memory_mb=memory_mb(peer.process, "VmHWM")
    )


def search(peer: Peer, asked: Sequence[PeerQuery], folder: Path) -> PeerSearch:
    """Open the index and search it; the first half of the queries warms up, the other half is timed."""
    open_ms = peer.open(folder)
    half = len(asked) // 2
    peer.run(asked[half:], 1)
    runs = {threads: peer.run(asked[:half], threads) for threads in peer.threads}
    latencies: dict[str, list[float]] = {}
    for one, taken in zip(asked, runs[1].latencies_ms, strict=False):
        latencies.setdefault(one.kind, []).append(taken)
    return PeerSearch(
        open_ms=open_ms,
        memory_mb=memory_mb(peer.process, "VmRSS"),
        latencies_ms=latencies,
        per_s={threads: half / run.seconds for threads, run in runs.items()},
        found=sum(answer.total for answer in runs[1].answers),
    )


def _run_part(name: str, part: str, docs: int, asked: int, folder: Path) -> None:
    try:
        peer = PEERS[name]()
    except AbsentError as error:
        print(error)
        sys.exit(ABSENT)
    done = build(peer, docs, folder) if part == "build" else search(peer, queries(docs, asked), folder)
    peer.close()
    print(json.dumps(dataclasses.asdict(done)))


# --- The command ---------------------------------------------------------------------------------


def measure(names: Sequence[str], docs: int, whoosh_docs: int, asked: int, folder: Path) -> list[PeerResult]:
    """Measure the peers in turn, each step in a separate process, so that memory is measured separately.

    They search in turns, several times over, so that a busy moment of the machine does not fall on one alone;
    each is given by the run whose mean is the median.
    """
    sizes = {name: min(docs, whoosh_docs) if name == "whoosh" else docs for name in names}
    made = {INDEX_OF.get(name, name): size for name, size in sizes.items()}
    built = {name: _run_apart(name, "build", size, asked, folder) for name, size in made.items()}
    there = [name for name in names if built[INDEX_OF.get(name, name)]]
    turns = [
        {name: _run_apart(name, "search", sizes[name], asked, folder) for name in there}
        for _ in range(ROUNDS)
    ]
    measured = []
    for name in there:
        runs = [_read_search(one) for turn in turns if (one := turn[name])]
        index = PeerBuild(**(built[INDEX_OF.get(name, name)] or {}))
        each = sorted((PeerResult(name, index, run) for run in runs), key=PeerResult.mean)
        measured += each[len(each) // 2 : len(each) // 2 + 1]
    return measured


def _read_search(values: dict[str, Any]) -> PeerSearch:
    per_s = {int(threads): rate for threads, rate in values.pop("per_s").items()}
    return PeerSearch(per_s=per_s, **values)


def _run_apart(name: str, part: str, docs: int, asked: int, folder: Path) -> dict[str, Any] | None:
    """Run a step in a process; None if it fails or the engine is absent, with a line on stderr."""
    command = ["-m", "benchmarks.speed", "--docs", str(docs), "--queries", str(asked), "--peers", name]
    done = subprocess.run(
        [sys.executable, *command, "--only", part, "--folder", str(folder / INDEX_OF.get(name, name))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    said = (done.stdout if done.returncode in {0, ABSENT} else done.stderr).strip().splitlines()
    if done.returncode:
        print(f"{name}: {said[-1] if said else done.returncode}", file=sys.stderr)
        return None
    values: dict[str, Any] = json.loads(said[-1])
    return values


def main() -> None:
    options = argparse.ArgumentParser(description="Speed compared with other engines.")
    options.add_argument("--docs", type=int, nargs="+", default=[10_000], help="one size or several")
    options.add_argument("--queries", type=int, default=2_000, help="half of them warm up, half are timed")
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument(
        "--whoosh-docs", type=int, default=20_000, help="limit for stock Whoosh, which is slow"
    )
    options.add_argument("--folder", type=Path, help="folder for the indexes; default: a temporary folder")
    options.add_argument("--write", action="store_true", help="write the report to docs/performance.md")
    options.add_argument("--only", choices=("build", "search"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.only:
        _run_part(chosen.peers, chosen.only, chosen.docs[0], chosen.queries, chosen.folder)
        return
    where, names = describe_machine(), chosen.peers.split(",")
    if unknown := set(names) - set(PEERS):
        options.error(f"--peers: no {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        measured = [
            measure(names, docs, chosen.whoosh_docs, chosen.queries, folder / str(docs))
            for docs in chosen.docs
        ]
    lines = [where, *report(measured)]
    print("\n".join(lines))
    if chosen.write:
        write_section(f"benchmarks.speed {' '.join(map(str, chosen.docs))}", lines)


if __name__ == "__main__":
    main()
