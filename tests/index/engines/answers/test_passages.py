import random
import re
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.answers.passages import (
    ENOUGH_CHARS,
    MARK_CHARS,
    OPENING_CHARS,
    PASSAGES_MAX,
    READ_CHARS,
    SENTENCE_CHARS,
    TITLE_CHARS,
    WINDOWS_MAX,
    choose_passages,
    mark_text,
    mark_title,
)
from index.layout import Stream
from index.results import Passage
from index.search.match_offsets import MatchOffset
from tests.support.effort import calls
from tests.support.interpreted import each_form, interpreted

WORD = re.compile(r"\w+")
PASSAGES = "index.engines.answers.passages"
Load = Callable[[str], ModuleType]


def marks_of(text: str, *words: str) -> list[MatchOffset]:
    """Mark every occurrence of *words* in a body; the leaf of a mark is the index of its word."""
    return [
        MatchOffset("body", match.start(), match.end(), words.index(match[0]))
        for match in WORD.finditer(text)
        if match[0] in words
    ]


def marked_words(text: str, *words: str) -> list[list[str]]:
    passages = choose_passages({"body": text}, marks_of(text, *words))
    return [[passage.text[start:end] for start, end in passage.marks] for passage in passages]


def test_the_best_passage_has_most_of_the_query() -> None:
    text = "Te ir jūra. Te ir jūra un osta. Te ir osta."
    assert choose_passages({"body": text}, marks_of(text, "jūra", "osta"))[0].text == "Te ir jūra un osta."


def test_a_further_passage_shows_other_words() -> None:
    text = "Te jūra. Te jūra. Te jūra. Tur osta."
    assert marked_words(text, "jūra", "osta")[:2] == [["osta"], ["jūra"]]


@pytest.mark.parametrize(
    "text", ["Te jūra. Te jūra. Te jūra. Tur osta.", "Te jūra. Jūra, osta un vējš. Osta, vējš."]
)
def test_words_far_on_in_a_long_query_count_as_those_of_a_short_one(text: str) -> None:
    marks = marks_of(text, "jūra", "osta", "vējš")
    later = [mark._replace(leaf=100 + 7 * mark.leaf) for mark in marks]
    assert choose_passages({"body": text}, later) == choose_passages({"body": text}, marks)


@pytest.mark.parametrize("words", [("jūra",), ("jūra", "osta"), ("jūra", "osta", "vējš", "zivs")])
def test_there_are_at_most_three_passages(words: tuple[str, ...]) -> None:
    text = " ".join([f"Te {word}." for word in words] * 20)
    assert len(marked_words(text, *words)) == PASSAGES_MAX


def test_long_passages_are_fewer() -> None:
    text = ("Te jūra " + "ir dziļa " * (ENOUGH_CHARS // 16) + "beigās. ") * 5
    assert len(marked_words(text, "jūra")) == 2


def test_adjacent_words_are_one_mark() -> None:
    assert marked_words("Civilā aizsardzība, glābšana", "Civilā", "aizsardzība", "glābšana") == [
        ["Civilā aizsardzība", "glābšana"]
    ]


def test_a_long_sentence_is_cut_at_words_around_its_marks() -> None:
    text = "vārds " * 200 + "jūra osta " + "vārds " * 200
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra", "osta"))
    assert len(passage.text) <= SENTENCE_CHARS + 4
    assert passage.text.startswith("… vārds")
    assert passage.text.endswith("vārds …")
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra osta"]


def test_the_title_shows_only_its_own_marks() -> None:
    marks = [MatchOffset("title", 0, 4, 0)]
    marks += [MatchOffset(part, 8, 12, 0) for part in ("lead", "body", "attachment")]
    assert mark_title("Jūra un osta", marks).marks == ((0, 4),)


@pytest.mark.parametrize("part", ["lead", "body", "attachment"])
def test_a_whole_text_shows_only_its_own_marks(part: Stream) -> None:
    text = "Jūra un osta. " * 100
    marks = [
        MatchOffset(one, at, at + 4, 0) for at, one in enumerate(("title", "lead", "body", "attachment"))
    ]
    (own,) = (mark for mark in marks if mark.part == part)
    assert mark_text(text, marks, part) == Passage(text, ((own.start, own.end),))


@pytest.mark.parametrize(
    ("texts", "opening"),
    [
        ({"lead": "Ievads.", "body": "Teksts."}, ["Ievads."]),
        ({"lead": "", "body": "Teksts."}, ["Teksts."]),
        ({"lead": "", "body": ""}, []),
    ],
)
def test_without_matches_the_beginning_is_shown(texts: dict[str, str], opening: list[str]) -> None:
    assert [passage.text for passage in choose_passages(texts, [])] == opening


@each_form
@given(st.text(alphabet="ab. \nĀ!„”", max_size=900), st.sets(st.integers(0, 40)))
def test_marks_are_whole_words_of_the_text(load: Load, text: str, chosen: set[int]) -> None:
    words = [match for number, match in enumerate(WORD.finditer(text)) if number in chosen]
    marks = [MatchOffset("body", match.start(), match.end(), 0) for match in words]
    texts = {match[0] for match in words}
    for passage in load(PASSAGES).choose_passages({"body": text}, marks):
        assert all(set(passage.text[start:end].split()) <= texts for start, end in passage.marks)
        assert passage.text.strip("… ") in " ".join(text.split()) or passage.text.strip("… ") in text


def calls_for(text: str, marks: list[MatchOffset]) -> int:
    """Return how many calls the passages of a text take; compiled, hardly any could be counted."""
    choose = interpreted(PASSAGES).choose_passages
    return calls(lambda: choose({"body": text}, marks))


def test_work_is_bounded_whatever_the_text() -> None:
    text = "jūra " * 40_000
    marks = marks_of(text[:100_000], "jūra")
    (passage,) = choose_passages({"body": text}, marks)
    assert len(passage.text) <= SENTENCE_CHARS + 4
    assert calls_for(text, marks) < 5 * READ_CHARS + 20 * len(marks)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Nekā te nav. Arī te.\n" * 2000 + "Te jūra.", 200),  # only the line of the match is split
        ("Te jūra. " * 400, 100 * 400),  # each sentence is split once
    ],
)
def test_text_is_split_only_where_a_match_is(text: str, most: int) -> None:
    assert calls_for(text, marks_of(text, "jūra")) < most


def test_every_match_counts_however_many_there_are() -> None:
    text = "Te jūra. " * 300 + "Te osta." + " Te jūra." * 300
    assert marked_words(text, "jūra", "osta")[0] == ["osta"]


# --- The choice of sentences ---


def passage_texts(text: str, *words: str) -> list[str]:
    return [passage.text for passage in choose_passages({"body": text}, marks_of(text, *words))]


@pytest.mark.parametrize(
    ("text", "words", "first"),
    [
        # The rarest word weighs most.
        ("Te jūra. Te jūra un vējš. Te osta. Te jūra.", ("jūra", "osta"), ["Te osta.", "Te jūra."]),
        # Among sentences with one word, those with more occurrences first, then the earliest.
        ("Te jūra. Te jūra un jūra. Te jūra.", ("jūra",), ["Te jūra un jūra.", "Te jūra.", "Te jūra."]),
        ("Te jūra viens. Te jūra divi.", ("jūra",), ["Te jūra viens.", "Te jūra divi."]),
        # Adjacent matches weigh more, and many more than few.
        ("A jūra un osta. B jūra osta.", ("jūra", "osta"), ["B jūra osta.", "A jūra un osta."]),
        ("A jūra osta. B jūra osta un jūra.", ("jūra", "osta"), ["B jūra osta un jūra.", "A jūra osta."]),
        # More than three adjacent matches add nothing.
        (
            "A jūra osta vējš ūdens. B jūra osta vējš ūdens krasts smiltis.",
            ("jūra", "osta", "vējš", "ūdens", "krasts", "smiltis"),
            ["B jūra osta vējš ūdens krasts smiltis."],
        ),
        # A word that is shown already has a tenth of its weight.
        (
            "A jūra osta. B jūra osta. C vējš vējš. D jūra.",
            ("jūra", "osta", "vējš"),
            ["A jūra osta.", "C vējš vējš.", "B jūra osta."],
        ),
        # More than five matches add nothing, nor do more than three adjacent ones.
        (
            "A jūra, jūra, jūra, jūra, jūra. B jūra, jūra, jūra, jūra, jūra, jūra, jūra.",
            ("jūra",),
            ["A jūra, jūra, jūra, jūra, jūra."],
        ),
        (
            "A jūra jūra jūra jūra jūra. B jūra jūra jūra jūra jūra jūra.",
            ("jūra",),
            ["A jūra jūra jūra jūra jūra."],
        ),
        # Several frequent words weigh more than a rare one.
        (
            "A vējš. B jūra un osta un krasts." + " Te jūra. Te osta. Te krasts." * 3,
            ("jūra", "osta", "krasts", "vējš"),
            ["B jūra un osta un krasts.", "A vējš."],
        ),
        # A new word weighs more than two rarer ones that are shown already.
        (
            "A jūra osta. B jūra osta. C vējš. D vējš. E vējš. F vējš.",
            ("jūra", "osta", "vējš"),
            ["A jūra osta.", "C vējš."],
        ),
        # A word shown twice loses no more weight than one shown once.
        (
            "A jūra osta. B jūra vējš. C osta. D osta. E osta. F osta. G jūra.",
            ("jūra", "osta", "vējš"),
            ["B jūra vējš.", "A jūra osta.", "G jūra."],
        ),
        # Equally good: the first in the text.
        ("A jūra. B osta. C jūra. D osta.", ("jūra", "osta"), ["A jūra.", "B osta.", "C jūra."]),
    ],
)
def test_the_order_of_passages(text: str, words: tuple[str, ...], first: list[str]) -> None:
    assert passage_texts(text, *words)[: len(first)] == first


def counted(sentences: list[str]) -> list[str]:
    """Return the passages of a text of these sentences, in which words of four letters match."""
    text = " ".join(sentences)
    return passage_texts(text, *sorted({word for word in WORD.findall(text) if len(word) == 4}))


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_up_to_five_matches_weigh_more_than_fewer(few: int) -> None:
    fewer, more = (f"Te {'jūra, ' * count}un." for count in (few, few + 1))
    assert counted([fewer, more]) == [more, fewer]


@pytest.mark.parametrize("few", [0, 1, 2])
def test_up_to_three_adjacent_matches_weigh_more_than_fewer(few: int) -> None:
    words = ["jūra", "osta", "zivs", "viln"]
    fewer, more = (
        f"Te {' '.join(words[: count + 1])}, {', '.join(words[count + 1 :])}." for count in (few, few + 1)
    )
    assert counted([fewer, more])[0] == more


def test_no_sentence_is_shown_twice_and_none_without_a_match() -> None:
    text = "Te nav nekā. Te jūra. Te arī nav. Te osta. Beigas."
    assert passage_texts(text, "jūra", "osta") == ["Te jūra.", "Te osta."]


@pytest.mark.parametrize("leaves", [("jūra",), ("jūra", "osta")])
@pytest.mark.parametrize(
    ("chars", "count"), [(ENOUGH_CHARS - 1, 2), (ENOUGH_CHARS, 1), (ENOUGH_CHARS + 1, 1)]
)
def test_passages_are_added_up_to_the_length(leaves: tuple[str, ...], chars: int, count: int) -> None:
    first = ("Te jūra " + "x" * 1000)[: chars - 1] + "."
    second = f"Te {leaves[-1]}."
    assert len(first) == chars
    assert len(passage_texts(f"{first}\n{second}", *leaves)) == count


def test_the_lead_comes_first_and_the_title_gives_no_passage() -> None:
    texts = {"title": "jūra", "lead": "Ievadā jūra.", "body": "Tekstā jūra.", "attachment": "Failā jūra."}
    marks = [
        MatchOffset(part, at, at + 4, 0)  # type: ignore[arg-type]  # all are parts
        for part in ("title", "attachment", "body", "lead")
        if (at := texts[part].find("jūra")) >= 0
    ]
    assert [passage.text for passage in choose_passages(texts, marks)] == [
        "Ievadā jūra.",
        "Tekstā jūra.",
        "Failā jūra.",
    ]


def test_with_matches_in_the_title_only_the_beginning_is_shown() -> None:
    assert (
        choose_passages({"title": "jūra", "body": "Teksts."}, [MatchOffset("title", 0, 4, 0)])[0].text
        == "Teksts."
    )


def test_a_sentence_ends_at_the_end_of_its_line() -> None:
    assert passage_texts("Virsraksts\nTe jūra\nCits", "jūra") == ["Te jūra"]
    assert passage_texts("Te jūra\nTe osta\nTe vējš", "jūra", "osta", "vējš") == [
        "Te jūra",
        "Te osta",
        "Te vējš",
    ]


# --- Long texts ---


@pytest.mark.parametrize("at", [0, READ_CHARS - 20, READ_CHARS * 3])
def test_matches_are_found_wherever_the_first_is(at: int) -> None:
    text = ("Nekā te nav. " * 20_000)[:at].rpartition(".")[0] + ". Te jūra. " + "Nekā te nav. " * 9000
    assert passage_texts(text, "jūra") == ["Te jūra."]


def test_text_beyond_the_bound_is_not_shown() -> None:
    text = "Te jūra. " + "Nekā te nav. " * (READ_CHARS // 12) + "Te osta."
    assert passage_texts(text, "jūra", "osta") == ["Te jūra."]
    assert passage_texts(text[-READ_CHARS:], "jūra", "osta") == ["Te osta."]


def test_reading_begins_a_tenth_before_the_first_match() -> None:
    far = "x " * READ_CHARS
    (passage,) = choose_passages({"body": f"{far}jūra"}, [MatchOffset("body", len(far), len(far) + 4, 0)])
    assert passage.text.endswith("x jūra")
    assert passage.marks == ((len(passage.text) - 4, len(passage.text)),)


@pytest.mark.parametrize("length", [SENTENCE_CHARS - 1, SENTENCE_CHARS])
def test_a_sentence_within_the_bound_is_whole(length: int) -> None:
    text = ("jūra " + "vārds " * 100)[: length - 1] + "."
    assert passage_texts(text, "jūra") == [text]


def test_a_sentence_over_the_bound_is_cut_between_words() -> None:
    text = ("jūra " + "vārds " * 100)[:SENTENCE_CHARS] + "s."
    (passage,) = passage_texts(text, "jūra")
    assert passage.endswith("vārds …")
    assert text.startswith(passage.removesuffix(" …"))
    assert len(passage) <= SENTENCE_CHARS + 2


@pytest.mark.parametrize(
    ("before", "after", "begins", "ends"),
    [(0, 200, "jūra", " …"), (200, 0, "… ", "jūra"), (200, 200, "… ", " …")],
)
def test_omissions_in_a_sentence_are_marked_by_ellipses(
    before: int, after: int, begins: str, ends: str
) -> None:
    text = "vārds " * before + "jūra" + " vārds" * after
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra"))
    assert passage.text.startswith(begins)
    assert passage.text.endswith(ends)
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra"]
    assert set(passage.text.split()) <= {"vārds", "jūra", "…"}
    assert SENTENCE_CHARS - 12 <= len(passage.text) <= SENTENCE_CHARS + 4


def test_a_quarter_of_a_cut_precedes_the_match() -> None:
    text = "vārds " * 200 + "jūra" + " vārds" * 200
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra"))
    assert SENTENCE_CHARS // 4 - 6 <= passage.marks[0][0] <= SENTENCE_CHARS // 4 + 2


def test_a_cut_has_the_most_matches() -> None:
    text = "jūra " + "vārds " * 100 + "jūra osta jūra " + "vārds " * 100 + "osta"
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra", "osta"))
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra osta jūra"]


def test_of_equal_cuts_the_first_is_taken() -> None:
    text = "jūra " + "vārds " * 100 + "osta " + "vārds " * 100
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra", "osta"))
    assert passage.text.startswith("jūra ")


def test_a_match_that_is_cut_in_two_is_not_marked() -> None:
    text = "jūra " + "vārds " * 52 + "osta" * 20
    (passage,) = choose_passages(
        {"body": text}, [MatchOffset("body", 0, 4, 0), MatchOffset("body", text.index("osta"), len(text), 1)]
    )
    assert all(0 <= start < end <= len(passage.text) for start, end in passage.marks)
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra"]


def test_only_a_bounded_number_of_cuts_is_compared() -> None:
    few = "jūra " + "vārds " * 60
    text = few * (WINDOWS_MAX - 1) + "A " + few + "jūra jūra jūra " + "vārds " * 60
    (passage,) = choose_passages({"body": text.replace(".", "")}, marks_of(text, "jūra"))
    assert [passage.text[start:end] for start, end in passage.marks] == ["jūra"]


def test_a_matching_word_longer_than_the_bound_is_cut() -> None:
    word = "j" * (SENTENCE_CHARS + 50)
    (passage,) = choose_passages({"body": f"Te {word} beidzas."}, [MatchOffset("body", 3, 3 + len(word), 0)])
    assert word[:SENTENCE_CHARS] in passage.text
    assert word[: SENTENCE_CHARS + 1] not in passage.text


def test_a_cut_near_the_end_of_a_sentence_is_as_long_as_elsewhere() -> None:
    text = "vārds " * 200 + "jūra beigās"
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra"))
    assert SENTENCE_CHARS - 12 <= len(passage.text) <= SENTENCE_CHARS + 2


def test_a_match_at_the_end_of_a_cut_counts() -> None:
    rest = SENTENCE_CHARS - SENTENCE_CHARS // 4
    near = "jūra " + "x" * (rest - 10) + " osta"
    assert len(near) == rest
    text = f"jūra {'x' * 500} {near} {'x' * 500}"
    assert marked_words(text, "jūra", "osta") == [["jūra", "osta"]]


@pytest.mark.parametrize(
    "letters", [SENTENCE_CHARS - SENTENCE_CHARS // 4, SENTENCE_CHARS - 20, SENTENCE_CHARS]
)
def test_a_long_match_is_shown_whole(letters: int) -> None:
    word = "j" * letters
    assert marked_words("vārds " * 200 + word + " vārds" * 200, word) == [[word]]


@pytest.mark.parametrize(("sentences", "is_read"), [(8800, True), (9200, False)])
def test_nine_tenths_of_the_text_read_follow_the_first_match(sentences: int, *, is_read: bool) -> None:
    text = "Nav. " * 12_000 + "Te jūra. " + "Nav. " * sentences + "Te osta. " + "Nav. " * 12_000
    assert READ_CHARS == 50_000
    assert passage_texts(text, "jūra", "osta") == ["Te jūra.", *(["Te osta."] if is_read else [])]


# --- The amount shown ---


def test_the_passages_of_a_hit_are_short() -> None:
    """The layout of the page is designed for these numbers: look at it if you change one."""
    assert (PASSAGES_MAX, SENTENCE_CHARS, ENOUGH_CHARS, OPENING_CHARS) == (3, 320, 420, 200)
    assert (TITLE_CHARS, MARK_CHARS, WINDOWS_MAX) == (500, 320, 30)


@pytest.mark.parametrize(
    ("text", "place", "is_marked"),
    [
        ("x" * 496 + "osta", (496, 500), True),
        ("x" * 496 + "osta beigas", (496, 500), True),
        ("x" * 497 + "osta", (497, 501), False),
        ("x" * 501 + "osta", (501, 505), False),
    ],
)
def test_a_title_over_the_bound_is_cut_with_its_marks(
    text: str, place: tuple[int, int], *, is_marked: bool
) -> None:
    passage = mark_title(text, [MatchOffset("title", 0, 1, 0), MatchOffset("title", *place, 1)])
    assert passage.text == (text if len(text) <= TITLE_CHARS else f"{text[:TITLE_CHARS]} …")
    assert passage.marks == ((0, 1), place)[: 1 + is_marked]


# --- Joined marks ---


@pytest.mark.parametrize(
    ("text", "marks", "joined"),
    [
        ("jūra osta", [(0, 4), (5, 9)], [(0, 9)]),
        ("jūra\u00a0osta", [(0, 4), (5, 9)], [(0, 9)]),
        ("jūra\tosta", [(0, 4), (5, 9)], [(0, 4), (5, 9)]),
        ("jūra, osta", [(0, 4), (6, 10)], [(0, 4), (6, 10)]),
        ("jūra-osta", [(0, 4), (5, 9)], [(0, 4), (5, 9)]),
        ("jūraosta", [(0, 4), (4, 8)], [(0, 8)]),
        ("jūraosta", [(0, 6), (4, 8)], [(0, 8)]),
        ("jūraosta", [(0, 8), (4, 6)], [(0, 8)]),
        ("a b c d", [(0, 1), (2, 3), (6, 7)], [(0, 3), (6, 7)]),
        ("jūra", [(0, 4)], [(0, 4)]),
        ("jūra", [], []),
    ],
)
def test_marks_with_only_space_between_are_one(
    text: str, marks: list[tuple[int, int]], joined: list[tuple[int, int]]
) -> None:
    assert mark_title(text, [MatchOffset("title", *mark, 0) for mark in marks]).marks == tuple(joined)
    assert mark_title(text, [MatchOffset("title", *mark, 0) for mark in marks]).text == text


# --- The beginning of the text ---


@pytest.mark.parametrize(
    ("texts", "opening"),
    [
        ({"attachment": "Fails."}, "Fails."),
        ({"lead": " \n", "body": "Teksts."}, "Teksts."),
        ({"body": "Viens.  Divi.\nTrīs."}, "Viens. Divi. Trīs."),
        ({"body": "  \n Viens."}, "Viens."),
        ({"body": "x" * (OPENING_CHARS - 2) + ". Divi. Trīs."}, "x" * (OPENING_CHARS - 2) + ". Divi."),
        ({"body": "x" * (OPENING_CHARS - 1) + ". Divi. Trīs."}, "x" * (OPENING_CHARS - 1) + "."),
        ({"body": "x" * OPENING_CHARS + ". Divi. Trīs."}, "x" * OPENING_CHARS + "."),
        ({"body": "x" * (SENTENCE_CHARS * 2)}, "x" * (SENTENCE_CHARS * 2)),
        ({"body": "x" * (SENTENCE_CHARS * 2 + 1)}, "x" * (SENTENCE_CHARS * 2) + " …"),
        ({"title": "Virsraksts."}, None),
    ],
)
def test_the_beginning_is_a_few_whole_sentences(texts: dict[str, str], opening: str | None) -> None:
    assert [passage.text for passage in choose_passages(texts, [])] == ([opening] if opening else [])
    assert all(passage.marks == () for passage in choose_passages(texts, []))


def test_a_long_beginning_is_cut_between_words() -> None:
    (passage,) = choose_passages({"body": "vārds " * 200}, [])
    assert passage.text == "vārds " * ((SENTENCE_CHARS * 2 - 5) // 6) + "vārds …"


def test_a_match_beyond_the_cut_is_not_marked() -> None:
    text = "jūra " + "vārds " * 100 + "osta osta " + "vārds " * 100
    (passage,) = choose_passages({"body": text}, marks_of(text, "jūra", "osta"))
    assert passage.marks[0][0] > 2
    assert [passage.text[start:end] for start, end in passage.marks] == ["osta osta"]


def test_a_text_as_long_as_the_bound_is_read_from_its_start() -> None:
    text = ("x " * READ_CHARS)[: READ_CHARS - 5] + "jūra."
    (passage,) = choose_passages({"body": text}, [MatchOffset("body", READ_CHARS - 5, READ_CHARS - 1, 0)])
    assert passage.text.endswith("jūra.")


def test_leading_space_is_not_shown() -> None:
    (passage,) = choose_passages({"body": " \n " + "vārds " * 200}, [])
    assert passage.text.startswith("vārds vārds")


# --- Damaged files ---


def made_texts(rng: random.Random) -> dict[str, str]:
    pieces = ("jūra", "osta", "Rīgā", ".", "!", " ", " ", "\n", "\u00a0", "„", "x" * 90, "漢", "😀", "\ud800")
    return {
        part: "".join(rng.choices(pieces, k=rng.randrange(200)))
        for part in ("title", "lead", "body", "attachment")
        if rng.random() < 0.75
    }


def made_marks(rng: random.Random, part: Stream, text: str) -> list[MatchOffset]:
    """Mark words of *text*, and places anywhere, as damaged files or other texts give them."""
    marks = [MatchOffset(part, *match.span(), rng.randrange(70)) for match in WORD.finditer(text)]
    places = (-(2**62), -5, -1, 0, len(text) - 1, len(text), len(text) + 1, 2**62)
    for row in range(len(marks)):
        if rng.random() < 0.2:
            start = rng.choice((*places, rng.randrange(len(text) + 1)))
            end = rng.choice((*places, start, start + 1, start + 400))
            marks[row] = MatchOffset(part, start, end, rng.choice((0, 63, 64, 2**40)))
    return sorted(marks, key=lambda mark: mark.start) if rng.random() < 0.5 else marks


@each_form
@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_marks_those_shown_are_in_their_passage_in_order(load: Load, seed: int) -> None:
    passages, rng = load(PASSAGES), random.Random(seed)
    for _ in range(30):
        texts = made_texts(rng)
        marks = [mark for part, text in texts.items() for mark in made_marks(rng, part, text)]
        shown = [*passages.choose_passages(texts, marks), passages.mark_title(texts.get("title", ""), marks)]
        for passage in shown:
            places = [place for span in passage.marks for place in span]
            assert places == sorted(places)
            assert all(0 <= place <= len(passage.text) for place in places)


@pytest.mark.parametrize("seed", range(10))
def test_passages_are_the_same_compiled_and_interpreted(seed: int) -> None:
    rng, other = random.Random(seed), interpreted(PASSAGES)
    for _ in range(30):
        texts = made_texts(rng)
        marks = [mark for part, text in texts.items() for mark in made_marks(rng, part, text)]
        assert choose_passages(texts, marks) == other.choose_passages(texts, marks)
        assert mark_title(texts.get("title", ""), marks) == other.mark_title(texts.get("title", ""), marks)


@each_form
@pytest.mark.parametrize("text", [None, 5, b"jura"])
def test_a_text_that_is_none_is_refused(load: Load, text: object) -> None:
    with pytest.raises((TypeError, AttributeError)):
        load(PASSAGES).choose_passages({"body": text}, [MatchOffset("body", 0, 1, 0)])


@each_form
@pytest.mark.parametrize(
    "marks", [[()], [("body", 1)], [None], [("body", "a", 1, 0)], [("body", 0, 1, 0, 0)]]
)
def test_a_mark_that_is_none_is_refused(load: Load, marks: list) -> None:
    with pytest.raises((TypeError, ValueError)):
        load(PASSAGES).choose_passages({"body": "jūra"}, marks)
