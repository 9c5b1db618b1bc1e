"""What the log of versions costs: `python -m benchmarks.version_log --docs 20000`."""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.natural_corpus import releases
from crawler.page import Page
from crawler.store import Store
from crawler.store.log.checkpoint import SigningKey
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.merkle import EMPTY_ROOT
from crawler.store.log.published_log import PublishedLog
from crawler.store.log.verification import faults_of
from crawler.store.pages import Pages

_SEEN = datetime(2026, 1, 1, 9, tzinfo=UTC)
_HTML = "".join(f"<p>Valdība piešķir {n * n} eiro.</p>" for n in range(1200)).encode()


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Return the processor time and the time of a call, in ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    call()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)


def measure(docs: int, folder: Path) -> None:
    """Print what it costs to log *docs* releases, each with its page, and one more; a proof; a check."""
    log = LogFolder(folder / "log")
    log.path.mkdir()
    key = SigningKey.make("example.lv/log")
    log.publish(key.sign(0, EMPTY_ROOT))
    log.put_keys(str(key), str(key.verifier))
    *most, last = releases(docs + 1)
    with Store(folder / "releases.sqlite3") as store:
        with store.transaction():
            for release in most:
                store.save(release, seen=_SEEN)
                page = Page(
                    requested_url=release.url,
                    url=release.url,
                    status=200,
                    headers={},
                    body=_HTML,
                    fetched=_SEEN,
                    chain=(release.url,),
                )
                Pages(store).keep(release.url, page)
        cpu, wall = timed(lambda: extend(store, log, began=_SEEN))
        size = LogRows(store).size()
        print(f"{size} leaves: {cpu / size:.2f} ms of processor time a leaf, {wall / size:.2f} ms")
        store.save(last, seen=_SEEN)
        cpu, wall = timed(lambda: extend(store, log, began=_SEEN))
        print(f"a crawl with one: {cpu:.1f} ms of processor time, {wall:.1f} ms")
        opening = next(LogRows(store).openings())
        proof = PublishedLog.open(store, log).proof(opening.release, opening.version) or b""
        cpu, _ = timed(lambda: PublishedLog.open(store, log).proof(opening.release, opening.version))
        print(f"a proof: {cpu:.1f} ms of processor time, {len(proof)} bytes")
        cpu, _ = timed(lambda: print("faults:", [*faults_of(store, log)]))
        print(f"a check: {cpu / 1000:.1f} s of processor time")


def main() -> None:
    """Run the measurement in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    with TemporaryDirectory() as folder:
        measure(parser.parse_args().docs, Path(folder))


if __name__ == "__main__":
    main()
