import pytest

from index.results import Passage
from searcher.pages.marked_text import _mark_paragraphs, _transfer

BODY = "Viens divi.\n\nTrīs divi."


@pytest.mark.parametrize(
    ("paragraphs", "marks"),
    [
        (("Viens divi.", "Trīs divi."), [((6, 10),), ((5, 9),)]),
        (("Trīs divi.",), [((5, 9),)]),  # the page has fewer paragraphs than the index
        (("Cits divi.", "Trīs divi."), [(), ((5, 9),)]),  # the release changed after it was indexed
    ],
)
def test_marks_of_the_body_are_moved_to_its_paragraphs(
    paragraphs: tuple[str, ...], marks: list[tuple[tuple[int, int], ...]]
) -> None:
    body = Passage(BODY, ((6, 10), (18, 22)))
    assert [passage.marks for passage in _mark_paragraphs(paragraphs, body)] == marks


def test_a_changed_title_has_no_marks() -> None:
    assert _transfer("Jauns", Passage("Vecs", ((0, 4),))) == Passage("Jauns", ())
    assert _transfer("Vecs", Passage("Vecs", ((0, 4),))).marks == ((0, 4),)
