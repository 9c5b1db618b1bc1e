"""Cost of related words: CPU time of queries with and without them, over releases mixed from the samples.

Usage: python -m benchmarks.related_cost [--docs 200000]

Each release has four sentences of the samples and a few invented names, so the words of concepts are far more
frequent than in reality: an upper bound. The queries are a third of the judged ones.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import fmean

from benchmarks.relevance import SampleCorpus, load_queries
from crawler.store import Release, Store, StoredRelease
from index.analysis import Analyzer
from index.codec import create_in, open_dir
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.past_texts import create_past
from index.engines.whoosh.schema import schema
from index.indexing import Document, fingerprint
from index.meaning import RelatedWords
from index.query import parse
from index.suggest import suggester_data

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = "ba de ki lo mu na pe ri so tu va ze gai lie mau nor pil rud sal tir".split()
ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, default=200_000)
    docs = parser.parse_args().docs
    analyzer = Analyzer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "index"
        folder.mkdir()
        build(folder, mixed_releases(sample_releases(Path(name)), docs), analyzer)
        report(WhooshEngine(folder, analyzer), analyzer)


def sample_releases(folder: Path) -> Sequence[Release]:
    """Return the sample releases."""
    SampleCorpus(folder)
    with Store.open_readonly(folder / "releases.sqlite3") as store:
        return [stored.release for stored in store.changes_since(0)]


def mixed_releases(samples: Sequence[Release], count: int) -> Iterator[StoredRelease]:
    """Yield *count* releases of sentences from *samples*."""
    rng = random.Random(3)  # not for security
    sentences: dict[str, list[str]] = {}
    for sample in samples:
        sentences.setdefault(sample.language, []).extend(sample.body.split(". "))

    def name() -> str:
        return "".join(rng.choices(SYLLABLES, k=4)).capitalize()

    for number in range(1, count + 1):
        sample = rng.choice(samples)
        release = replace(
            sample,
            url=f"https://mixed.example/{number}",
            title=f"{sample.title} {name()}",
            lead="",
            body=". ".join(f"{sentence} {name()}" for sentence in rng.sample(sentences[sample.language], 4)),
            published=date(2009, 1, 1) + timedelta(days=rng.randrange(6_000)),
            translations=(),
            attachments=(),
        )
        id_ = f"{number:016x}"
        yield StoredRelease(
            id=id_,
            number=number,
            state="present",
            release=release,
            first_seen=SEEN,
            changed=SEEN,
            cluster=id_,
        )


def build(folder: Path, releases: Iterator[StoredRelease], analyzer: Analyzer) -> None:
    """Index *releases* in *folder*."""
    create_in(folder, schema())
    create_past(folder)
    writer = open_dir(folder, schema()).writer(on_new_segment=suggester_data.write)
    for stored in releases:
        document = Document.of(stored)
        writer.update_analysed(document.stream(analyzer), unique="id", **document.fields())
    writer.read_all()
    writer.meta = {"number": stored.number, "fingerprint": fingerprint(analyzer)}
    writer.commit()


def report(engine: WhooshEngine, analyzer: Analyzer) -> None:
    """Print the mean CPU time of queries as typed, and with related words."""
    related_words = RelatedWords(analyzer)
    related_words.load()
    plain, related, expanding = [], [], []
    for judged in load_queries()[::3]:
        query = parse(judged.text, analyzer=analyzer, today=date(2026, 11, 1))
        expanded = related_words.expand(query)
        expanding.append(cpu_ms(partial(related_words.expand, query)))
        results = engine.search(query)
        if expanded.related and (results.widened or results.total < query.per_page):
            plain.append(cpu_ms(partial(engine.search, query)))
            related.append(cpu_ms(partial(engine.search, expanded)))
    print(f"{len(expanding)} queries: {fmean(expanding):.3f} ms to expand one")
    print(f"{len(plain)} match too little: {fmean(plain):.2f} ms as typed, {fmean(related):.2f} ms expanded")


def cpu_ms(run: Callable[[], object]) -> float:
    """Return the shortest CPU time of *run*, in ms, after a first call."""
    run()
    times = []
    for _ in range(ROUNDS):
        started = time.thread_time()
        run()
        times.append(time.thread_time() - started)
    return 1000 * min(times)


if __name__ == "__main__":
    main()
