import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from index.results import Hit, Passage, Stood
from searcher.snippets import FRAGMENT_CHARS, checkboxes, highlight, link_to, original_of


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    text = draw(st.text(st.sampled_from("ab<>&\"' /ā{}%\u2028") | st.characters(exclude_categories=["Cs"])))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    return Passage(text, tuple(zip(cuts[::2], cuts[1::2], strict=False)))


@given(passages())
def test_marks_are_the_only_markup_of_a_passage(passage: Passage) -> None:
    shown = str(highlight(passage))
    bare = re.sub(r"</?mark>", "", shown)
    assert html.unescape(bare) == passage.text
    assert not set("<>\"'") & set(bare)
    assert re.findall(r"<mark>(.*?)</mark>", shown, re.DOTALL) == [
        re.sub(r"</?mark>", "", str(highlight(Passage(passage.text[a:b], ())))) for a, b in passage.marks
    ]


def test_each_related_mark_has_its_own_typed_word() -> None:
    passage = Passage("auto, ceļš un māja", ((0, 4), (6, 10), (14, 18)), ("mašīna", "", "ēka"))
    titles = re.findall(
        r'<mark(?: class="related" title="par (.*?)")?>', str(highlight(passage, "par %(word)s"))
    )
    assert titles == ["mašīna", "", "ēka"]


@given(st.text(st.sampled_from("ab<>&\"' =/%(){}s") | st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_title_of_a_related_mark_is_the_typed_word_and_nothing_else(typed: str) -> None:
    shown = str(highlight(Passage("auto", ((0, 4),), (typed,)), "par „%(word)s”"))
    found = re.fullmatch(r'<mark class="related" title="([^"<>]*)">auto</mark>', shown)
    assert found
    assert html.unescape(found[1]) == f"par „{typed}”"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.iem.gov.lv/x",
            "https://www.iem.gov.lv/x#:~:text=Par-,dro%C5%A1%C4%ABbas%2C%20e%2Dpasts,-."
            "&text=dro%C5%A1%C4%ABbas%2C%20e%2Dpasts",
        ),
        ("https://www.iem.gov.lv/x#top", "https://www.iem.gov.lv/x#top"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
    ],
)
def test_a_link_opens_the_original_at_the_match_and_runs_no_script(url: str, expected: str) -> None:
    assert link_to(url, Passage("Par drošības, e-pasts.", ((4, 21),))) == expected


@pytest.mark.parametrize(
    ("text", "mark", "fragment"),
    [
        ("Valsts", "Valsts", "Valsts"),
        ("… tad ministrs teica …", "ministrs", "tad-,ministrs,-teica&text=ministrs"),
        ("Un te pat arī ministrs", "ministrs", "te%20pat%20ar%C4%AB-,ministrs&text=ministrs"),
        ("Teica D.Trofimovs vakar", "D", "Teica-,D.Trofimovs,-vakar&text=D.Trofimovs"),
        ("Teica D.Trofimovs", "Trofimovs", "Teica-,D.Trofimovs&text=D.Trofimovs"),
        ("Sākas 27.novembrī", "27", "S%C4%81kas-,27.novembr%C4%AB&text=27.novembr%C4%AB"),
    ],
)
def test_the_fragment_has_the_words_around_the_match(text: str, mark: str, fragment: str) -> None:
    start = text.index(mark)
    passage = Passage(text, ((start, start + len(mark)),))
    assert link_to("https://iem.example/x", passage) == f"https://iem.example/x#:~:text={fragment}"


def test_checkboxes_are_escaped_and_those_in_use_checked() -> None:
    shown = str(checkboxes([('"><script>', "<b>", "1", False), ("lv", "latviešu", "12", True)], "language"))
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert re.findall(r'value="(.*?)"( checked)?>', shown) == [
        ("&#34;&gt;&lt;script&gt;", ""),
        ("lv", " checked"),
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_a_fragment_may_have_its_limit_of_characters_and_no_more(more: int) -> None:
    match = "a" * (FRAGMENT_CHARS - len("#:~:text=") + more)
    url = link_to("https://a.lv/x", Passage(match, ((0, len(match)),)))
    assert url == "https://a.lv/x" + (f"#:~:text={match}" if not more else "")


@pytest.mark.parametrize("passage", [None, Passage("Bez atbilsmes", ())])
def test_without_a_match_a_link_opens_the_beginning(passage: Passage | None) -> None:
    assert link_to("HTTP://a.lv/x", passage) == "HTTP://a.lv/x"


@pytest.mark.parametrize(
    ("text", "mark", "fragment"),
    [
        (
            "viens divi trīs četri ZIME pieci seši septiņi astoņi",
            "ZIME",
            "divi%20tr%C4%ABs%20%C4%8Detri-,ZIME,-pieci%20se%C5%A1i%20septi%C5%86i&text=ZIME",
        ),
        ("Teica D. Trofimovs", "D", "Teica-,D,-.%20Trofimovs&text=D"),
        ("A.B.Trofimovs teica", "Trofimovs", "A.B.Trofimovs,-teica&text=A.B.Trofimovs"),
        ("Beigas D.T", "D", "Beigas-,D.T&text=D.T"),
        ("1.2", "1", "1,-.2&text=1"),
    ],
)
def test_three_words_and_whole_initials_are_around_the_match(text: str, mark: str, fragment: str) -> None:
    start = text.index(mark)
    passage = Passage(text, ((start, start + len(mark)), (0, 1)))
    assert link_to("https://a.lv/", passage) == f"https://a.lv/#:~:text={fragment}"


def test_each_mark_is_shown_where_it_is() -> None:
    assert highlight(Passage("a < b & c", ((0, 1), (4, 7)))) == "<mark>a</mark> &lt; <mark>b &amp;</mark> c"
    assert highlight(Passage("a b", ())) == "a b"


def test_a_checkbox_has_value_label_number_and_state() -> None:
    [one, other] = str(
        checkboxes([("a&b", "A & B", "1", False), ("lv", "latviešu", "12", True)], "x")
    ).splitlines()
    assert one == (
        '<label class="value"><input type="checkbox" name="x" value="a&amp;b"><span>A &amp; B</span> '
        '<span class="count">1</span></label>'
    )
    assert other == (
        '<label class="value"><input type="checkbox" name="x" value="lv" checked><span>latviešu</span> '
        '<span class="count">12</span></label>'
    )


@pytest.mark.parametrize(
    ("until", "fragment"), [(None, "#:~:text=s%C4%93de"), (datetime(2026, 3, 2, tzinfo=UTC), "")]
)
def test_the_original_has_no_passage_of_an_earlier_text(until: datetime | None, fragment: str) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    # The periods of a hit may go on in later versions that match, too.
    stay = Stood(release="a", first=1, last=1, presumed=None, after=None, since=since, seen=None, until=until)
    hit = Hit(
        id="a",
        url="https://a.lv/",
        title=Passage("", ()),
        passages=(Passage("sēde", ((0, 4),)),),
        published=None,
        site="s",
        ministry="m",
        language="lv",
        score=0.0,
        stood=(structs.replace(stay, last=2, until=None),),
        matched=stay,
    )
    assert original_of(hit) == f"https://a.lv/{fragment}"
