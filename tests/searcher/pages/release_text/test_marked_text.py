import pytest

from index.results import Passage
from searcher.pages.release_text.marked_text import MarkedText, _mark_paragraphs, _transfer

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


def test_matches_are_counted_below_the_title() -> None:
    text = MarkedText(
        title=Passage("a", ((0, 1),)),
        lead=Passage("b", ()),
        paragraphs=(Passage("c", ()), Passage("dd", ((0, 1), (1, 2)))),
    )
    assert (text.matches, text.first_match) == (2, 2)
    with_lead = MarkedText(title=text.title, lead=Passage("b", ((0, 1),)), paragraphs=text.paragraphs)
    assert (with_lead.matches, with_lead.first_match) == (3, 0)
    without = MarkedText(title=text.title, lead=text.lead, paragraphs=text.paragraphs[:1])
    assert (without.matches, without.first_match) == (0, None)


def test_a_mark_across_two_paragraphs_is_in_neither() -> None:
    body = Passage(BODY, ((6, 17), (18, 22)))
    assert [one.marks for one in _mark_paragraphs(("Viens divi.", "Trīs divi."), body)] == [(), ((5, 9),)]


def test_equal_paragraphs_have_their_own_marks() -> None:
    body = Passage("divi\n\ndivi", ((6, 10),))
    assert [one.marks for one in _mark_paragraphs(("divi", "divi"), body)] == [(), ((0, 4),)]
    assert [one.marks for one in _mark_paragraphs(("divi",), None)] == [()]
