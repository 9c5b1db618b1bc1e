"""What the log of versions costs, and the page of a version.

python -m benchmarks.version_log --docs 20000
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.http import reindex
from benchmarks.natural_corpus import releases
from benchmarks.pages import answer
from crawler.page import Page
from crawler.store import Store, release_id
from crawler.store.log.checkpoint import SigningKey
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.merkle import EMPTY_ROOT
from crawler.store.log.published_log import PublishedLog
from crawler.store.log.verification import faults_of
from crawler.store.pages import Pages
from searcher import create_app

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


def edited_texts(folder: Path) -> dict[str, str]:
    """Store releases with one edit each; return their ids by what their texts are like."""
    natural = [release.body for release in releases(4_000)]
    million = "\n\n".join(natural)[:1_000_000]
    dice = Random(1)
    lines = "\n\n".join(f"{dice.randrange(10**6)} eiro" for _ in range(70_000))
    bodies = {
        "warm": (natural[1], f"{natural[1]} Piešķirti 2 300 eiro."),
        "usual": (natural[0], f"{natural[0]} Piešķirti 2 300 eiro."),
        "of 20,000 characters": (million[:20_000], million[10_000:30_000]),
        "of 200,000 characters": (million[:200_000], f"Piešķirti 2 300 eiro. {million[:200_000]}"),
        "two of 1 MB": (million, million[::-1]),
        "two of 1 MB in lines": (lines[:1_000_000], lines[1_000:]),
    }
    ids = {}
    with Store(folder / "releases.sqlite3") as store:
        for release, (kind, texts) in zip(releases(len(bodies)), bodies.items(), strict=True):
            for day, body in enumerate(texts):
                store.save(replace(release, body=body), seen=_SEEN + timedelta(day))
            ids[kind] = release_id(release.site, release.url)
    return ids


def measure_pages(folder: Path) -> None:
    """Print what pages of versions cost beside those of releases: first asked, and in the median of 9."""
    config = folder / "config.toml"
    ids = edited_texts(folder)
    config.write_text('data_dir = "."\n', encoding="utf-8")
    reindex(config)
    warm = ids.pop("warm")
    for kind, id_ in ids.items():
        rows = []
        for path in ("", "/versions/1", "/versions/2"):
            app = create_app(config)
            for warming in ("", "/versions/1"):
                answer(app, f"/releases/{warm}{warming}", 0)
            times = [answer(app, f"/releases/{id_}{path}", turn)[0] for turn in range(1, 11)]
            rows.append((times[0], median(times[1:])))
        (first, again), *versions = rows
        ratios = ", ".join(f"{one / first:.2f} and {other / again:.2f}" for one, other in versions)
        print(f"{kind}: the release {first:.0f} and {again:.0f} ms; its versions of it {ratios}")


def main() -> None:
    """Run the measurement in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    docs = parser.parse_args().docs
    with TemporaryDirectory() as folder, TemporaryDirectory() as other:
        measure_pages(Path(other))
        measure(docs, Path(folder))


if __name__ == "__main__":
    main()
