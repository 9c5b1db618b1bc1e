from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.config import Guards
from crawler.guards import Held, judge
from tests.crawler.test_store import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def losses(count: int) -> list[Held]:
    return [
        Held(release=f"iem-{number}", asked=f"u{number}", record=None, reason="missing", seen=NOW)
        for number in range(count)
    ]


def edits(count: int, *, same: bool = False) -> list[Held]:
    return [
        Held(
            release=f"iem-e{number}",
            asked=f"e{number}",
            record=RELEASE if same else replace(RELEASE, title=f"Virsraksts {number}"),
            seen=NOW,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("held", "known", "believed", "objection"),
    [
        (losses(1), 1, 1, None),
        (losses(3), 10, 3, None),
        (losses(4), 10, 0, "4 of 10 releases are missing at once"),
        (edits(5), 10, 5, None),
        (edits(6), 10, 0, "6 of 10 releases changed at once"),
        (edits(2, same=True), 100, 0, "2 releases suddenly say the same as another: a login or error page?"),
        (losses(9) + edits(1), 10, 1, "9 of 10 releases are missing at once"),
    ],
)
def test_only_what_is_likely_is_believed(
    held: list[Held], known: int, believed: int, objection: str | None
) -> None:
    verdict = judge(held, known, Guards())
    assert len(verdict.believed) == believed
    assert verdict.objections == ((objection,) if objection else ())
