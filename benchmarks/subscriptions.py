"""How long it takes to match a day's new releases against all subscriptions.

Usage: python -m benchmarks.subscriptions CONFIG [--searches 5000] [--subscriptions 100000] [--releases 300]

CONFIG is an installation with an index. Subscriptions are made up: searches for one to three words of a
title, a fifth of them with an institution. The newest releases count as new. Time is processor time.
"""

import argparse
import random
import secrets
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from searcher import create_app
from searcher.params import SearchParams
from searcher.search_address import encode
from searcher.service import Service
from searcher.subscriptions.database import FILE
from searcher.subscriptions.mail_ledger import MailLedger, NewsItem, NewsProgress
from searcher.subscriptions.matching import Batch, match
from searcher.subscriptions.topic import parse_topic, read_topic

POPULAR = 1.2
"""Subscriptions to the search of rank n fall as n to this power."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("config", type=Path)
    options.add_argument("--searches", type=int, default=5_000)
    options.add_argument("--subscriptions", type=int, default=100_000)
    options.add_argument("--releases", type=int, default=300)
    chosen = options.parse_args()
    service: Service = create_app(chosen.config).extensions["service"]
    service.warm()
    newest = [*service.listing(SearchParams(sort="newest")).releases(0, chosen.releases)]
    topics = make_topics(service, chosen.searches)
    batch = Batch(
        releases={one.id: one.id for one in newest},
        edits={},
        known={NewsItem("release", one.id): 1 for one in newest},
        progress=NewsProgress(1, 1),
        oldest=0,
        day=date(2026, 12, 1),
    )
    with tempfile.TemporaryDirectory() as folder:
        ledger = MailLedger(Path(folder) / FILE)
        ledger.create()
        fill(ledger, topics, chosen.subscriptions)
        began, wall = process_time(), perf_counter()
        found = [(text, one) for text in ledger.topics() for one in match(service, parse_topic(text), batch)]
        matched = process_time()
        ledger.add_news(found, batch.known, batch.progress, oldest=0, now=10)
        due = ledger.due("at_once", up_to=ledger.last_news(up_to=10), now=10)
        ended = process_time()
    documents, took = service.engine.info().documents, matched - began
    print(f"{documents} releases, {len(newest)} new, {len(topics)} searches, {chosen.subscriptions} readers")
    print(f"{len(found)} news matched in {took:.1f} s, {1000 * took / len(topics):.2f} ms a search")
    print(f"{len(due)} mails found due in {ended - matched:.1f} s; wall time {perf_counter() - wall:.1f} s")


def make_topics(service: Service, count: int) -> Sequence[str]:
    """Return *count* different topics."""
    chance = random.Random(35)
    titles = [one.title for one in service.listing(SearchParams(sort="newest")).releases(0, 20_000)]
    ministries = sorted(service.institutions.names())
    topics: dict[str, None] = {}
    while len(topics) < count:
        words = [word for word in chance.choice(titles).split() if word.isalpha() and len(word) > 3]
        if not words:
            continue
        pairs = [("q", " ".join(chance.sample(words, min(len(words), chance.choice([1, 1, 2, 2, 3])))))]
        if ministries and chance.random() < 0.2:
            pairs.append(("ministry", chance.choice(ministries)))
        topics[str(read_topic(f"search?{encode(pairs)}", "lv"))] = None
    return list(topics)


def fill(ledger: MailLedger, topics: Sequence[str], count: int) -> None:
    """Write *count* subscriptions, at least one to each of *topics*."""
    chance = random.Random(36)
    weights = [1 / (n + 1) ** POPULAR for n in range(len(topics))]
    rows = (
        (
            secrets.token_bytes(12),
            secrets.token_bytes(16),
            secrets.token_bytes(16),
            b"x" * 40,
            topic,
            "at_once",
            1,
            2,
        )
        for topic in [*topics, *chance.choices(topics, weights, k=count - len(topics))]
    )
    with closing(sqlite3.connect(ledger.path)) as db, db:
        db.executemany(
            """INSERT INTO subscription (id, person, mailbox, address, topic, rhythm, asked, confirmed)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            rows,
        )


if __name__ == "__main__":
    main()
