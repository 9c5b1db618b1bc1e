"""Invented sites whose releases are edited over days, crawled day by day; and their corrections as listed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from crawler.store import Store, TextVersion, release_id
from preses_relizes.shared.calendar import riga_day
from searcher import create_app
from tests.accidents.later_crawl import FIRST_DAY
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.hostile_site import HostileSite, page
from tests.support.planted_edits import DatedEdit, InventedHistory, Text
from tests.support.warm_command import warm

_SETTINGS = """
data_dir = "data"
[crawler]
allow_origins = {origins}
[crawler.politeness]
delay_s = 0
requests_per_s = 100000
hosts_at_once = 8
[crawler.templates.t]
rows = ["div.row"]
lead = ["p.lead"]
body = ["div.text"]
paths = ["^/lv/jaunums/[^/]+$"]
"""
_SITE = """
[[crawler.sites]]
id = "s{number}"
ministry = "{number}. ministrija"
template = "t"
start = ["http://{origin}/lv/jaunumi"]
"""
_PUBLISHED = "2026-11-09"
SITES = 4
WAITS_DAYS = 2
"""For how long the crawl holds an edit at most."""
_CRAWLED = (0, 1)
"""Exit codes; 1: some edits are held until a later day."""


@dataclass(frozen=True, slots=True)
class ListedCorrection:
    """A row of the list of corrections, and the invented edits that it has: several if one was held."""

    edits: tuple[DatedEdit, ...]
    noticed: str
    """Its day."""
    weight: int
    kinds: tuple[str, ...]

    @property
    def is_planted(self) -> bool:
        """Whether one of its edits matters."""
        return any(edit.kind for edit in self.edits)

    @property
    def grade(self) -> int:
        """How much it matters."""
        return max(edit.grade for edit in self.edits)


def list_corrections(
    folder: Path, histories: Sequence[InventedHistory], *, days: int
) -> list[ListedCorrection]:
    """Serve *histories* on sites for so many *days*, crawl each day, index; return all corrections."""
    with ExitStack() as stack:
        sites = [stack.enter_context(HostileSite(missing=page(status=404))) for _ in range(SITES)]
        origins = json.dumps([site.origin for site in sites])
        tables = [_SITE.format(number=number, origin=site.origin) for number, site in enumerate(sites)]
        config = folder / "config.toml"
        settings = _SETTINGS.format(origins=origins) + "".join(tables) + FEW_CONCEPTS
        config.write_text(f"{settings}[searcher]\nanswer_s = 60\n", encoding="utf-8")
        edits: dict[str, InventedHistory] = {}
        for day in range(days + WAITS_DAYS):
            for number, history in enumerate(histories):
                place, site = number % SITES, sites[number % SITES]
                path = f"/lv/jaunums/relize-{number}"
                edits[release_id(f"s{place}", site.url(path))] = history
                site.scripts[path] = page(_markup(history.on(day)))
            for place, site in enumerate(sites):
                site.scripts["/lv/jaunumi"] = page(_listed(histories, place, day))
            done = warm("tests.accidents.later_crawl").run(str(day), "--config", str(config))
            assert done.returncode in _CRAWLED, done.stderr + done.stdout
    done = warm("index.reindex").run("--config", str(config))
    assert done.returncode == 0, done.stderr
    client = create_app(config).test_client()
    rows = map(json.loads, client.get("/api/v1/corrections.ndjson?weight=0").text.splitlines())
    with Store.open_readonly(folder / "data" / "releases.sqlite3") as store:
        return [
            ListedCorrection(
                tuple(_edits_between(edits[row["id"]], *store.versions(row["id"])[row["version"] - 2 :][:2])),
                str(riga_day(datetime.fromisoformat(row["noticed"]))),
                row["weight"],
                tuple(row["kinds"]),
            )
            for row in rows
        ]


def _edits_between(history: InventedHistory, older: TextVersion, newer: TextVersion) -> Iterator[DatedEdit]:
    """Yield the edits made after the day on which one version was first read, until that of the next."""
    first, last = ((version.since - FIRST_DAY) // timedelta(days=1) for version in (older, newer))
    return (edit for edit in history.edits if first < edit.day <= last)


def _markup(text: Text) -> str:
    title, lead, body = map(escape, text)
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in body.split("\n\n"))
    return (
        f"<html lang=lv><title>{title}</title><main><h1>{title}</h1>"
        f"<time datetime={_PUBLISHED}>09.11.2026.</time>"
        f"<p class=lead>{lead}</p><div class=text>{paragraphs}</div></main>"
    )


def _listed(histories: Sequence[InventedHistory], place: int, day: int) -> str:
    rows = "".join(
        f"<div class=row><a href=/lv/jaunums/relize-{number}>{escape(history.on(day)[0])}</a> "
        f"<time datetime={_PUBLISHED}>09.11.2026.</time></div>"
        for number, history in enumerate(histories)
        if number % SITES == place
    )
    return f"<html lang=lv><main><h1>Jaunumi</h1>{rows}</main>"
