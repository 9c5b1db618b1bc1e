"""The tokens of a text that match each kind of clause."""

from typing import Any

import pytest

from index.analysis import Analyzer
from index.engines.opensearch.search.highlighting import Highlighter
from index.query import AllOf, AnyOf, Clause, Everything, Fuzzy, Not, Phrase, Prefix, Wildcard, Word

TEXTS = {"title": "Meži deg", "lead": "Deg mežs un pļava.", "body": "Pļavas deg. Mežs", "language": "lv"}
FOREST, BURN = Word(text="mežs", lemma=("mežs",)), Word(text="deg", lemma=("degt",))


def marked(analyzer: Analyzer, clause: Clause, texts: dict[str, Any] = TEXTS) -> list[tuple[str, str, int]]:
    """Return the part, the text and the leaf of each token that matches."""
    offsets = Highlighter(clause, analyzer).offsets(texts)
    return [(offset.part, texts[offset.part][offset.start : offset.end], offset.leaf) for offset in offsets]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (FOREST, [("title", "Meži", 0), ("lead", "mežs", 0), ("body", "Mežs", 0)]),
        (Word(text="", exact=("meži",)), [("title", "Meži", 0)]),
        (Word(text="", fold=("plava",)), [("lead", "pļava", 0)]),
        (Word(text="", stem=("plav",)), []),
        (Word(text="", stem=("plav",), stem_matches=True), [("lead", "pļava", 0), ("body", "Pļavas", 0)]),
        (Word(text="", lemma=("degt",), part="body"), [("body", "deg", 0)]),
        (Word(text=""), []),
        (Prefix(text="plav"), [("lead", "pļava", 0), ("body", "Pļavas", 0)]),
        (Prefix(text="plav", part="lead"), [("lead", "pļava", 0)]),
        (Wildcard(text="m?zi"), [("title", "Meži", 0)]),
        (Wildcard(text="*a"), [("lead", "pļava", 0)]),
        (Fuzzy(text="mezi", distance=1), [("title", "Meži", 0), ("lead", "mežs", 0), ("body", "Mežs", 0)]),
        (Fuzzy(text="mezi", distance=0), [("title", "Meži", 0)]),
        (Phrase(words=(FOREST, BURN)), [("title", "Meži", 0), ("title", "deg", 0)]),
        (Phrase(words=(FOREST, BURN), part="lead"), []),
        (
            Phrase(words=(BURN, FOREST), slop=1),
            [("lead", "Deg", 0), ("lead", "mežs", 0), ("body", "deg", 0), ("body", "Mežs", 0)],
        ),
        (Phrase(words=()), []),
        (Everything(), []),
        (Not(FOREST), []),
        # Each token belongs to the first leaf that it matches.
        (
            AnyOf((Prefix(text="mez"), FOREST, BURN)),
            [
                ("title", "Meži", 0),
                ("title", "deg", 2),
                ("lead", "Deg", 2),
                ("lead", "mežs", 0),
                ("body", "deg", 2),
                ("body", "Mežs", 0),
            ],
        ),
    ],
    ids=str,
)
def test_the_tokens_that_match_are_marked_in_reading_order(
    analyzer: Analyzer, clause: Clause, expected: list[tuple[str, str, int]]
) -> None:
    assert marked(analyzer, clause) == expected


def test_texts_that_a_release_lacks_have_no_marks(analyzer: Analyzer) -> None:
    assert marked(analyzer, AllOf((FOREST,)), {"title": "", "attachment": "Mežs", "language": "lv"}) == [
        ("attachment", "Mežs", 0)
    ]


def test_only_the_tokens_that_are_searched_are_marked(analyzer: Analyzer) -> None:
    texts = {"title": "a " * 899 + "deg deg", "language": "lv"}
    assert [offset.start for offset in Highlighter(BURN, analyzer).offsets(texts)] == [2 * 899]


def test_texts_are_read_in_their_language(analyzer: Analyzer) -> None:
    english = Word(text="", lemma=("minist",))
    assert [marked(analyzer, english, {"title": "Ministers", "language": one}) for one in ("en", "lv")] == [
        [("title", "Ministers", 0)],
        [],
    ]
