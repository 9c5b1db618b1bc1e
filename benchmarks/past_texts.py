"""Measure how much an index grows by the texts that releases had before.

Usage: python -m benchmarks.past_texts [--releases 4000] [--every 10] [--versions 3]
"""

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.natural_corpus import paragraphs, releases
from crawler.store import Release, Store
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.engines.whoosh import WhooshBuilder
from index.engines.whoosh.past_texts import PAST

_SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def write_store(path: Path, count: int, *, every: int, versions: int) -> None:
    """Store *count* releases, of which one in *every* has some *versions*: a sentence is added in each."""
    rng = Random(3)
    with Store(path) as store:
        store.rows("PRAGMA synchronous = OFF")
        for number, release in enumerate(releases(count)):
            store.save(release, seen=_SEEN)
            for edit in range(1, versions if number % every == 0 else 1):
                release = _edited(release, rng)  # noqa: PLW2901 # the next edit is one of this text
                store.save(release, seen=_SEEN + timedelta(days=edit))


def _edited(release: Release, rng: Random) -> Release:
    at = release.body.find("\n", rng.randrange(max(1, len(release.body))))
    sentence = rng.choice(rng.choice(paragraphs()))
    return replace(release, body=f"{release.body[:at]}\n\n{sentence}{release.body[at:]}")


def main() -> None:
    """Print the bytes of both indexes, that of the present texts and of the earlier ones, and the time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--releases", type=int, default=4_000)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--versions", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        path, root = Path(name) / "releases.sqlite3", Path(name) / "index"
        write_store(path, options.releases, every=options.every, versions=options.versions)
        analyzer = Analyzer(DICTIONARY)
        started = process_time()
        with Store.open_readonly(path) as store:
            builder = WhooshBuilder(root, dictionary=DICTIONARY, processes=1)
            with builder.draft(analyzer) as draft:
                draft.build(store, on_progress=lambda _: None)
                draft.publish()
        took = process_time() - started
        files = [file for file in root.rglob("*") if file.is_file() and file.stat().st_size]
        past = sum(file.stat().st_size for file in files if PAST in file.name)
        present = sum(file.stat().st_size for file in files) - past
    print(f"{present} bytes of present texts, {past} of earlier ones: {(present + past) / present:.3f} times")
    print(f"{took:.1f} s of processor time")


if __name__ == "__main__":
    main()
