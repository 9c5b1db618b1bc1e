"""Candidates for the operator's lists, from logged queries; a person decides which of them are used."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.results import Hit
from preses_relizes.admin.options import UnsoundFileError
from searcher import create_app
from searcher.params import SearchParams
from searcher.query_log import QueryReport, QuerySummary
from searcher.service import Service

HITS_SHOWN = 5
"""Number of hits of a query that are offered as its answer, or for judging."""
_WORDS = """\
# Queries that no release matches. Beside each, write words that releases use for the same, remove the #, and
# copy the line to your list of concepts (docs/operations.md, "Related words").
"""
_BETS = """\
# The most frequent queries with their first hits. Where one of them, or another page, is the answer, remove
# the # of its lines and copy them to data/best_bets.toml (docs/operations.md, "Best bets").
"""
_JUDGED = """\
# The most frequent queries with their first hits, all of grade 0. Give each hit the grade that it deserves: 3
# the release sought, 2 clearly about it, 1 touches it. Then copy the queries to your judged queries
# (docs/operations.md, "Judged queries").
"""


def write_candidates(report: QueryReport, config: Path, folder: Path) -> list[Path]:
    """Write the candidates of *report* to three files in *folder*, and return their paths.

    Raises:
        EngineError: the index that *config* names is missing or damaged.
        UnsoundFileError: one of the files exists already.
    """
    paths = [folder / name for name in ("related_words.txt", "best_bets.toml", "judged.toml")]
    if existing := next(filter(Path.exists, paths), None):  # somebody may be editing it
        raise UnsoundFileError(f"{existing}: exists; choose another folder")
    service: Service = create_app(config).extensions["service"]
    hits = {one.text: _first_hits(service, one.text) for one in report.top}
    texts = (
        _WORDS + "".join(map(_line_of_words, report.unmatched_queries)),
        _BETS + "".join(_bet(one, hits[one.text]) for one in report.top),
        _JUDGED + "".join(_judged(one, hits[one.text]) for one in report.top if hits[one.text]),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def _first_hits(service: Service, query: str) -> Sequence[Hit]:
    return service.search(SearchParams(q=query, per_page=HITS_SHOWN)).results.hits


def _line_of_words(query: QuerySummary) -> str:
    return f"\n# {query.unmatched} of {query.searches} searches on {query.days} days\n# {query.text},\n"


def _bet(query: QuerySummary, hits: Sequence[Hit]) -> str:
    lines = [
        f"{query.searches} searches on {query.days} days",
        "[[bet]]",
        f"queries = [{_quote(query.text)}]",
        *(f"release = {_quote(hit.url)}   # {_title(hit)}" for hit in hits),
    ]
    return "\n" + "".join(f"# {line}\n" for line in lines)


def _judged(query: QuerySummary, hits: Sequence[Hit]) -> str:
    return "\n" + "".join(f"{line}\n" for line in _judged_lines(query, hits))


def _judged_lines(query: QuerySummary, hits: Sequence[Hit]) -> Iterator[str]:
    yield "[[query]]"
    yield f"text = {_quote(query.text)}   # {query.searches} searches on {query.days} days"
    yield "[query.judgements]"
    yield from (f"{_quote(hit.url)} = 0   # {_title(hit)}" for hit in hits)


def _title(hit: Hit) -> str:
    """Return the title on one line, as a comment may have it."""
    return "".join(filter(str.isprintable, " ".join(hit.title.text.split())))


def _quote(text: str) -> str:
    """Return *text* as a TOML string: JSON escapes the same characters in the same way."""
    return json.dumps(text, ensure_ascii=False)
