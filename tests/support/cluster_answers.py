"""Prepared answers of a cluster, and what it was asked, for tests that need no cluster."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.config import ClusterSettings
from index.engines.opensearch.connection import ClusterConnection, Json
from index.engines.opensearch.documents import pack_tokens
from index.engines.opensearch.mappings import PARTS
from index.engines.opensearch.search import Snapshot
from index.layout import LAYOUT
from tests.support.answering_server import Answering, Prepared, answer_with

POINT_IN_TIME = Prepared(200, b'{"pit_id": "point"}')


def answer(**content: object) -> Prepared:
    """Return an answer of all shards."""
    return Prepared(200, json.dumps(_whole(content)).encode())


def found(*hits: Json, total: int = 0, **content: object) -> Prepared:
    """Return the answer with *hits*, and *total* as their number."""
    return answer(hits={"hits": list(hits), "total": {"value": total}}, **content)


def counted(*numbers: int) -> Prepared:
    """Return the answer to several searches at once, each of which counts."""
    answers = [_whole({"hits": {"hits": [], "total": {"value": number}}}) for number in numbers]
    return Prepared(200, json.dumps({"responses": answers}).encode())


def together(*answers: Prepared) -> Prepared:
    """Return *answers* as that to several searches at once."""
    return Prepared(200, json.dumps({"responses": [json.loads(one.body) for one in answers]}).encode())


def facts(documents: int, *, newest: int | None, length: float) -> Prepared:
    """Return the facts about a state: its releases, their newest day, and their length in all."""
    return found(total=documents, aggregations={"newest": {"value": newest}, "length": {"value": length}})


def words(*rows: tuple[int, Json]) -> Prepared:
    """Return the answer with words, each with its number and its terms by field."""
    none: dict[str, list[str]] = {"lemma": [], "stem": [], "exact": [], "fold": []}
    return found(
        *(
            {"_source": {**none, **terms, "key": f"{key:016x}"}, "sort": [f"{key:016x}"]}
            for key, terms in rows
        )
    )


def _whole(content: Json) -> dict[str, Any]:
    return {"_shards": {"failed": 0}, **content}


@contextmanager
def snapshot_of(
    *answers: Prepared, facts: Prepared | None = None, words: Prepared | None = None
) -> Iterator[tuple[Snapshot, Answering]]:
    """Open a state of an index in a cluster that gives *answers* in turn, the last one again and again.

    If given, the *facts* and the *words* answer what is asked about them, whenever that is.
    """
    left = [POINT_IN_TIME, *answers]

    def choose(path: str, body: bytes) -> Prepared:
        if facts and b'"max"' in body:
            return facts
        if words and path.startswith("/words/"):
            return words
        return left.pop(0) if len(left) > 1 else left[0]

    with answer_with(choose) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix="test")
        yield Snapshot(ClusterConnection(settings), "releases", "words"), serving


def asked_of(serving: Answering) -> list[list[dict[str, Any]]]:
    """Return the searches of each request after the first one, which opened the state."""
    return [_searches(body) for _, _, body in serving.requests[1:] if b"pit_id" not in body]


def walked(serving: Answering) -> list[dict[str, Any]]:
    """Return the searches for hits of releases."""
    return [search for searches in asked_of(serving) for search in searches if "docvalue_fields" in search]


def _searches(body: bytes) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in body.decode().splitlines()]
    searches = lines[1::2] if len(lines) > 1 else lines
    return [{name: part for name, part in search.items() if name != "pit"} for search in searches]


def hit(
    number: int,
    parts: dict[str, list[int]] | None = None,
    *,
    day: int = 0,
    cluster: str = "",
    score: float | None = None,
    leaves: tuple[str, ...] = (),
    **fields: object,
) -> dict[str, Any]:
    """Return a hit: a release with the keys of the words of its *parts*; it shares its *cluster*, if any."""
    keys = {part: (parts or {}).get(part, []) for part in PARTS}
    columns = {
        "number": number,
        "id": f"id{number}",
        "cluster": cluster or f"id{number}",
        "shared": bool(cluster),
        "length": sum(LAYOUT[part].weight * len(keys[part]) for part in PARTS),
        "ministry": "fm",
        "language": "lv",
        "tokens": pack_tokens([keys[part] for part in PARTS]),
        **({"day": day} if day else {}),
        **fields,
    }
    made: dict[str, Any] = {
        "fields": {name: [value] for name, value in columns.items()},
        "sort": [score, day, f"id{number}"],
    }
    if score is not None:
        made["_score"] = score
    if leaves:
        made["matched_queries"] = list(leaves)
    return made
