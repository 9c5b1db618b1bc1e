"""The table of scores in docs/mutants.md: how many mutants the tests of a room kill, and whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "mutants.md"
HEAD = "| room | measured | mutants | killed |\n|---|---|---|---|\n"
NEVER = "not yet"


@dataclass(frozen=True, slots=True)
class Score:
    """What a run found in a room."""

    measured: date
    mutants: int
    killed: int


def read_scores(text: str) -> dict[str, Score | None]:
    """Return the scores in the table of *text* by room; None for a room that was not measured."""
    found: dict[str, Score | None] = {}
    for line in text.partition(HEAD)[2].splitlines():
        if not line.startswith("|"):
            break
        room, measured, mutants, killed = (cell.strip() for cell in line.strip("|").split("|"))
        is_known = measured != NEVER
        score = (
            Score(date.fromisoformat(measured), int(mutants), int(killed.split()[0])) if is_known else None
        )
        found[room] = score
    return found


def with_scores(text: str, scores: dict[str, Score | None]) -> str:
    """Return *text* with *scores* as its table."""
    before, head, rest = text.partition(HEAD)
    if not head:
        raise ValueError("no table of scores")
    after = rest.lstrip("\n").splitlines(keepends=True)
    while after and after[0].startswith("|"):
        after.pop(0)
    return (
        before + head + "".join(_row(room, score) for room, score in sorted(scores.items())) + "".join(after)
    )


def _row(room: str, score: Score | None) -> str:
    if score is None:
        return f"| {room} | {NEVER} | | |\n"
    share = score.killed / score.mutants if score.mutants else 1
    return f"| {room} | {score.measured} | {score.mutants} | {score.killed} ({share:.0%}) |\n"


def next_room(rooms: Iterable[str], scores: dict[str, Score | None]) -> str:
    """Return the first room that was never measured, or else the one that was measured longest ago."""
    return min(rooms, key=lambda room: (score.measured if (score := scores.get(room)) else date.min, room))
