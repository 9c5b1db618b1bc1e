"""Invented releases, and which of them follow what fell due in others: `tests/judged/followed`."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from crawler.store import Release
from tests.support.registered import id_of
from tests.support.stored_release import publish

FOLDER = Path(__file__).parents[1] / "judged" / "followed"


def _rows(name: str) -> Iterator[Mapping[str, Any]]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def judged_releases() -> Sequence[Release]:
    """Return the releases in the order of the file."""
    return [
        replace(
            publish(
                row["id"],
                row["title"],
                row["text"],
                date.fromisoformat(row["published"]),
                ministry=row["institution"],
            ),
            language=row["language"],
        )
        for row in _rows("releases")
    ]


def judged_followers() -> Mapping[str, frozenset[str]]:
    """Return the ids of the releases that follow what falls due in one, by its id, if there are any."""
    ids = {row["id"]: id_of(one) for row, one in zip(_rows("releases"), judged_releases(), strict=True)}
    return {
        ids[label["release"]]: frozenset(ids[one] for one in label["followed_by"])
        for label in _rows("labels")
    }
