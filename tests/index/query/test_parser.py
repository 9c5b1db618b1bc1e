"""The parser and the syntax tree (`ast`)."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.query import AllOf, Everything, Filters, Synonyms, Word
from index.query.lexer import WORDS_MAX
from index.query.parser import TEXT_CHARS
from tests.support.queries import MINISTRIES, Parse, leaves, matches, shape

SEED = (
    "Iekšlietu ministrijas valsts sekretārs D.Trofimovs diskutē par drošības izaicinājumiem Baltijas jūras "
    "reģionā, kritiskās infrastruktūras drošību un civilās aizsardzības jautājumus; "
    "e-pasts, Covid-19, ES, 27.11.2017"
)


# --- What a query matches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drosibas izaicinajumi Baltijas jura", True),
        ("Trofimovs", True),
        ("Trofimovam", True),
        ("D. Trofimovs", True),
        ("jūra 27.11.2017", True),
        ("jūra 27/11/17", True),
        ("civilā aizsardzība", True),
        ('"kritiskās infrastruktūras drošību"', True),
        ('"kritiskas infrastrukturas drosibu"', True),
        ('"kritiskā infrastruktūra"', False),
        ("„Baltijas jūras“", True),
        ("«Baltijas juras»", True),
        ('"drošības jūras"', False),
        ('"drošības jūras"~2', True),
        ('"drošības jūras"~1', False),
        ('"drosiba jura"~2', True),
        ("=drošība", False),
        ("=drošības", True),
        ("=drosibas", False),
        ("infrastruk*", True),
        ("INFRASTRUKTŪR*", True),
        ("budžets VAI sekretārs", True),
        ("budžets sekretārs", False),
        ("sekretārs NE budžets", True),
        ("sekretārs -drošība", False),
        ("(budžets OR jūra) AND (reģions OR nauda)", True),
        ("NOT (budžets jūra)", True),
        ("e-pasts", True),
        ("epasts", True),
        ("Covid 19", True),
        ("covid19", True),
        ("ES", True),
        ("par drošību", True),
        ("kas ir drošība", True),
        ("", True),
    ],
)
def test_a_query_matches_the_text_or_not(
    read: Parse, analyzer: Analyzer, text: str, *, expected: bool
) -> None:
    assert matches(read(text).clause, analyzer.analyze(SEED)) is expected


FORMS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "analysis" / "latvian" / "stems.tsv")
    .read_text("utf-8")
    .splitlines()
    if not line.startswith("#")
]
FAMILIES = [[row[0] for row in FORMS if row[2] == lemma] for lemma in {row[2] for row in FORMS} - {"-"}]


@given(
    pairs=st.lists(
        st.sampled_from(FAMILIES).flatmap(lambda forms: st.tuples(*[st.sampled_from(forms)] * 2)), min_size=1
    )
)
def test_inflected_and_unaccented_queries_match_the_text(
    read: Parse, analyzer: Analyzer, pairs: list[tuple[str, str]]
) -> None:
    tokens = analyzer.analyze(" ".join(text_form for text_form, _ in pairs))
    typed = " ".join(query_form for _, query_form in pairs)
    assert matches(read(typed).clause, tokens)
    assert matches(read(fold(typed)).clause, tokens)


@given(words=st.lists(st.sampled_from([row[0] for row in FORMS]), min_size=2, max_size=6))
def test_an_unaccented_phrase_matches_like_the_accented_one(
    read: Parse, analyzer: Analyzer, words: list[str]
) -> None:
    tokens = analyzer.analyze(" ".join(words))
    phrase = f'"{" ".join(words)}"'
    assert matches(read(phrase).clause, tokens)
    assert matches(read(fold(phrase)).clause, tokens)


# --- How it is understood ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("drošība  jūrā", "drošība jūrā"),
        ("drošība UN jūra", "drošība jūra"),
        ("drošība OR jūra", "drošība VAI jūra"),
        ("drošība AND NOT jūra", "drošība -jūra"),
        ("NE NE jūra", "jūra"),
        ("NE NE NE jūra", "-jūra"),
        ("par drošību un jūru", "drošību jūru"),
        ("par", "par"),
        ("budžets -par", "budžets -par"),
        ("„par drošību”", '"par drošību"'),
        ('"drošība', "drošība"),
        ('drošība "" jūra', "drošība jūra"),
        ("((drošība", "((drošība))"),
        ("drošība)) jūra", "drošība jūra"),
        ("() drošība ( )", "drošība"),
        ("VAI drošība VAI", "drošība"),
        ("VAI", "VAI"),
        ("title:drošība", "virsraksts:drošība"),
        ("TEXT:(drošība jūra)", "teksts:(drošība jūra)"),
        ("virsraksts: drošība", "virsraksts drošība"),
        ("IT nozare", "IT nozare"),
        ("it nozare", "it nozare"),
        ("IT NOZARE", "NOZARE"),
        ("ministrs~ ministrs~2", "ministrs~1 ministrs~2"),
        ("viens~ divi~ trīs~", "viens~1 divi~1 trīs"),
        ("a* drošīb*", "drošīb*"),
        ("minis\u00adtrija", "ministrija"),
        ("\x00\ud800drošība\x1b", "drošība"),
        ("gads:abc", "gads abc"),
        ("5 UN 000 5 000", "5 UN 000 UN 5 000"),
        ('"5, 000"', '"5, 000"'),
        ("?! ... **", ""),
        ('=http://~~ http://~~* ="http://~~" drošība', "drošība"),
    ],
)
def test_the_reading_shows_the_query_as_understood(read: Parse, text: str, reading: str) -> None:
    assert read(text).reading == reading


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("par drošību un jūru", ("par", "un")),
        ("drošība VAI", ("VAI",)),
        ("kas ir drošība", ("kas", "ir")),
        ("vīrs drošība", ()),
        ("2012.gadā drošība", ("gadā",)),
        ("cik liela drošība", ("cik", "liela")),
        ("gadā drošība", ()),
        ("par", ()),
    ],
)
def test_no_word_is_dropped_silently(read: Parse, text: str, ignored: tuple[str, ...]) -> None:
    assert read(text).ignored == ignored


def test_a_part_applies_to_the_whole_group(read: Parse) -> None:
    words = list(leaves(read("virsraksts:(drošība -jūra) budžets").clause))
    assert [word.part for word in words if isinstance(word, Word)] == ["title", "title", None]


def test_exclusions_alone_apply_to_all_releases(read: Parse) -> None:
    clause = read("-drošība").clause
    assert isinstance(clause, AllOf)
    assert clause.clauses[0] == Everything()


def test_periods_are_offered_and_their_words_stay(read: Parse) -> None:
    query = read("budžets 2017. gada novembrī")
    assert query.reading == "budžets 2017 novembrī"
    assert query.ignored == ("gada",)
    assert [(str(period.first), str(period.last)) for period in query.periods] == [
        ("2017-11-01", "2017-11-30")
    ]


@pytest.mark.parametrize("text", ["budžets -vakar", "budžets -šogad", "budžets NE vakar"])
def test_a_period_that_is_excluded_is_not_offered(read: Parse, text: str) -> None:
    assert read(text).periods == ()


def test_period_that_only_the_reading_has_is_not_offered(read: Parse) -> None:
    """Its place is not in the text as typed."""
    assert [str(period.first) for period in read("osta vasara 2020").periods] == ["2020-06-01"]
    query = read("osta vasara+2020")
    assert (query.text, query.reading, query.periods) == ("osta vasara+2020", "osta vasara 2020", ())
    assert [note.text for note in read("osta^2 vasara+2020").notes] == ["^2"]


def test_filters_in_the_text_join_those_around_it(read: Parse) -> None:
    around = Filters(languages=("lv",), traits=("gone",))
    query = read("budžets ministrija:iem gads:2019", filters=around, aliases={"iem": MINISTRIES[:1]})
    assert query.filters == Filters(
        ministries=MINISTRIES[:1],
        languages=("lv",),
        traits=("gone",),
        published_from=date(2019, 1, 1),
        published_to=date(2019, 12, 31),
    )
    assert query.reading == "budžets ministrija:iem gads:2019"
    assert read("budžets", filters=around).filters == around


def test_whatever_may_be_meant_otherwise_is_noted_in_reading_order(read: Parse) -> None:
    query = read("budžets^2 valoda:xx a* -gads:2019 jūra:osta")
    assert [note.kind for note in query.notes] == [
        "no boost",
        "no language",
        "short wildcard",
        "no exclusion",
        "no filter",
    ]
    assert query.ignored == ("a", "valoda:xx", "-gads:2019")


def test_punctuation_and_stop_words_do_not_hide_a_period(read: Parse) -> None:
    assert read("osta: vasara, 2020").clause == read("osta vasara un 2020").clause
    assert "| *)" in shape(read("osta vasara+2020").clause)


def test_page_and_order_are_kept(read: Parse) -> None:
    query = read("drošība", sort="newest", page=3, per_page=50)
    assert (query.sort, query.page, query.per_page) == ("newest", 3, 50)


# --- Any text ------------------------------------------------------------------------------------

SYNTAX = st.text(alphabet='aāBES1.-*~=:()"„“«» \n\u00ad\u0301\ud800\x00', max_size=80)
PIECES = st.lists(
    st.sampled_from(
        ["drošība", "par", "UN", "VAI", "NE", "-", "(", ")", '"', "„", "“", "~3", "=", "*", "title:", "gads:",
         "-valoda:lv", "ministrija:", "2017", "27.11.2017", "no:", "ES", "e-pasts", "A.", "Trofimovs",
         "www.lv.lv", "http://~~", "a@b.lv", "27/11/17", "27.11.", "7.2024", "vakar", "2017. gada vasarā",
         "2019–2021", " ", " "]
    )
).map("".join)  # fmt: skip


@given(text=st.one_of(st.text(), SYNTAX, PIECES))
def test_any_text_parses_and_can_be_encoded(read: Parse, text: str) -> None:
    query = read(text)
    (query.text + query.reading + "".join(query.ignored)).encode()
    assert len(list(leaves(query.clause))) <= WORDS_MAX * 13  # a compound or an address is several


@given(text=st.one_of(st.text(), SYNTAX, PIECES))
@example("On:AAAAAA")
@example("1.01.:AAAAAA")
def test_parsing_the_reading_gives_the_same_query(read: Parse, text: str) -> None:
    query = read(text)
    again = read(query.reading)
    assert again.reading == query.reading
    # Among small letters, a word in capitals is an abbreviation. They may be those of a stop word that the
    # reading lacks, or of a month that it adds.
    is_alike = text == text.upper() if is_in_capitals(query.reading) else not is_in_capitals(text)
    if is_alike and not query.filters.published_from:
        assert again.clause == query.clause


def is_in_capitals(text: str) -> bool:
    return text == text.upper() != text.lower()


def test_deep_nesting_stays_shallow(read: Parse) -> None:
    clause = read("-(" * 200 + "drošība").clause
    assert len(re.findall(r"Not\(|AllOf\(", repr(clause))) <= 2


# --- The tree ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree", "reading", "ignored"),
    [
        ("drošība jūra", "(drošība jūra)", "drošība jūra", ()),
        ("drošība VAI jūra osta", "(drošība | (jūra osta))", "drošība VAI jūra osta", ()),
        ("(drošība VAI jūra) osta", "((drošība | jūra) osta)", "(drošība VAI jūra) osta", ()),
        ("osta (drošība VAI jūra)", "(osta (drošība | jūra))", "osta (drošība VAI jūra)", ()),
        ("-(drošība VAI jūra)", "(* -(drošība | jūra))", "-(drošība VAI jūra)", ()),
        ("NE drošība VAI jūra", "((* -drošība) | jūra)", "-drošība VAI jūra", ()),
        (
            "virsraksts:(drošība VAI jūra) osta",
            "((title:drošība | title:jūra) osta)",
            "virsraksts:(drošība VAI jūra) osta",
            (),
        ),
        (
            "virsraksts:(drošība (jūra VAI osta))",
            "(title:drošība (title:jūra | title:osta))",
            "virsraksts:(drošība (jūra VAI osta))",
            (),
        ),
        ("teksts:drošība jūra", "(body:drošība jūra)", "teksts:drošība jūra", ()),
        (
            "osta (virsraksts:drošība jūra)",
            "(osta title:drošība jūra)",
            "osta (virsraksts:drošība jūra)",
            (),
        ),
        (
            "osta (jūra VAI -vējš) krasts",
            "(osta (jūra | (* -vējš)) krasts)",
            "osta (jūra VAI -vējš) krasts",
            (),
        ),
        (
            "virsraksts:(teksts:jūra osta) krasts",
            "(body:jūra title:osta krasts)",
            "virsraksts:(teksts:jūra osta) krasts",
            (),
        ),
        ("-drošība jūra", "(-drošība jūra)", "-drošība jūra", ()),
        ("drošība -jūra -osta", "(drošība -jūra -osta)", "drošība -jūra -osta", ()),
        ("-drošība VAI -jūra", "((* -drošība) | (* -jūra))", "-drošība VAI -jūra", ()),
        ("NE (NE drošība)", "drošība", "-(-drošība)", ()),
        ("NE NE NE drošība", "(* -drošība)", "-drošība", ("NE", "NE")),
        ("drošība VAI VAI jūra", "(drošība | jūra)", "drošība VAI jūra", ("VAI",)),
        ("drošība UN UN jūra", "(drošība jūra)", "drošība jūra", ("UN",)),
        ("drošība UN VAI jūra", "(drošība jūra)", "drošība jūra", ("VAI",)),
        ("(drošība", "drošība", "(drošība)", ()),
        ("drošība)", "drošība", "drošība", ()),
        ("((drošība) jūra", "(drošība jūra)", "((drošība) jūra)", ()),
        ("() drošība", "drošība", "drošība", ()),
        ("drošība ()", "drošība", "drošība", ()),
        ("drošība VAI ()", "drošība", "drošība", ("VAI",)),
        ("(VAI) drošība", "drošība", "drošība", ("VAI",)),
        ("drošība VAI par", "drošība", "drošība", ("VAI", "par")),
        ("par VAI drošība", "drošība", "drošība", ("par", "VAI")),
        ("virsraksts:par drošība", "(title:par drošība)", "virsraksts:par drošība", ()),
        ("-par drošība", "(-par drošība)", "-par drošība", ()),
        ("NE par", "(* -par)", "-par", ()),
        ("(par) drošība", "drošība", "drošība", ("par",)),
        ("drošība (par VAI un)", "drošība", "drošība", ("par", "VAI", "un")),
        ("UN drošība", "drošība", "drošība", ("UN",)),
        ("drošība UN", "drošība", "drošība", ("UN",)),
        ("(par) VAI drošība", "drošība", "drošība", ("par", "VAI")),
        ("virsraksts:NE drošība", "(* -drošība)", "-drošība", ()),
        ("VAI UN", "(VAI UN)", "VAI UN", ()),
        ("NE", "NE", "NE", ()),
        ("VAI", "VAI", "VAI", ()),
        ("drošība NE", "drošība", "drošība", ("NE",)),
        ("virsraksts:", "virsraksts", "virsraksts", ()),
        ("virsraksts: drošība", "(virsraksts drošība)", "virsraksts drošība", ()),
        ("NE virsraksts:drošība", "(* -title:drošība)", "-virsraksts:drošība", ()),
        ("drošība VAI jūra VAI osta", "(drošība | jūra | osta)", "drošība VAI jūra VAI osta", ()),
        ("(drošība jūra) VAI osta", "((drošība jūra) | osta)", "(drošība jūra) VAI osta", ()),
        ("drošība UN jūra VAI osta", "((drošība jūra) | osta)", "drošība jūra VAI osta", ()),
        ("", "*", "", ()),
        ("par un", "(par un)", "par un", ()),
        ("( par )", "par", "(par)", ()),
        ("drošība ) ( jūra", "(drošība jūra)", "drošība (jūra)", ()),
        ("drošība) VAI (jūra", "(drošība | jūra)", "drošība VAI (jūra)", ()),
        ("=drošība", "drošība", "=drošība", ()),
        ("drošīb*", "drosib*", "drošīb*", ()),
        ("drošība~", "drosiba~1", "drošība~1", ()),
        ('"drošība jūra"~2 osta', '("drošība jūra"~2 osta)', '"drošība jūra"~2 osta', ()),
    ],
)
def test_the_tree_the_reading_and_the_ignored_words(
    read: Parse, text: str, tree: str, reading: str, ignored: tuple[str, ...]
) -> None:
    query = read(text)
    assert (shape(query.clause), query.reading, query.ignored) == (tree, reading, ignored)


def test_the_defaults_of_a_query(read: Parse) -> None:
    query = read("drošība")
    assert (query.sort, query.page, query.per_page, query.filters) == ("relevance", 1, 10, Filters())
    assert (query.synonyms, query.periods, query.cut, query.ignored) == ((), (), False, ())


def test_the_text_is_kept_without_unprintable_characters(read: Parse) -> None:
    text = "".join(map(chr, range(0x20))) + "a\x7f\x9f\ud800\udfff\ufffe\uffffb\xa0\ue000"
    assert read(text).text == " " * 9 + "\t\n" + " " * 21 + "a" + " " * 6 + "b\xa0\ue000"


@pytest.mark.parametrize(("length", "is_cut"), [(9_999, False), (10_000, False), (10_001, True)])
def test_characters_beyond_the_limit_are_not_read(read: Parse, length: int, *, is_cut: bool) -> None:
    query = read("a".rjust(length))
    assert query.cut is is_cut
    assert len(query.text) == min(length, TEXT_CHARS)
    assert query.reading == ("" if is_cut else "a")


def test_abbreviations_are_expanded_and_listed(read: Parse, analyzer: Analyzer) -> None:
    names = Synonyms({"VUGD": ["Valsts ugunsdzēsības un glābšanas dienests"]}, analyzer)
    query = read("VUGD drošība", synonyms=names)
    assert query.synonyms
    assert query.reading == "VUGD drošība"
    assert matches(query.clause, analyzer.analyze("Drošība: Valsts ugunsdzēsības un glābšanas dienests"))
    assert read("drošība", synonyms=names).synonyms == ()


def test_spoken_periods_are_optional_beside_other_words(read: Parse) -> None:
    assert "| *)" in shape(read("budžets pagājušajā nedēļā").clause)
    assert "| *)" not in shape(read("pagājušajā nedēļā vakar").clause)


def test_lone_operators_beyond_the_word_limit_cut_the_query(read: Parse) -> None:
    assert len(list(leaves(read("VAI " * (WORDS_MAX + 1)).clause))) == WORDS_MAX
    assert read("VAI " * (WORDS_MAX + 1)).cut
    assert not read("VAI " * WORDS_MAX).cut


@pytest.mark.parametrize(
    ("text", "reading"), [("VAI gads:2019", "gads:2019 VAI"), ("NE valoda:lv", "-valoda:lv")]
)
def test_an_operator_as_a_word_is_shown_after_the_filters(read: Parse, text: str, reading: str) -> None:
    assert read(text).reading == reading


# --- Queries that are only a time ---


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2015. gadā!", date(2015, 1, 1), date(2015, 12, 31)),
        ("marts 2024", date(2024, 3, 1), date(2024, 3, 31)),
        ("2023. gada vasarā", date(2023, 6, 1), date(2023, 8, 31)),
        ("27.11.2017", date(2017, 11, 27), date(2017, 11, 27)),
        ("27.11.", date(2025, 11, 27), date(2025, 11, 27)),
        ("pagājušajā nedēļā", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 16), date(2026, 11, 22)),
        ("вчера", date(2026, 11, 24), date(2026, 11, 24)),
        ("2019-2021", date(2019, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_query_that_is_only_a_time_asks_for_the_releases_of_that_time(
    read: Parse, text: str, first: date, last: date
) -> None:
    query = read(text)
    assert (query.clause, query.time, query.sort) == (Everything(), (first, last), "newest")
    assert query.filters == Filters(published_from=first, published_to=last)
    assert (query.ignored, query.periods) == ((), ())


@pytest.mark.parametrize(
    "text",
    ["budžets 2020", "vakar Rīgā", '"2020"', "=2020", "2020*", "-2020", "2020 VAI 2021", "virsraksts:2020",
     "1234", "2500", "2017 -2019", "(2020)"],
)  # fmt: skip
def test_other_queries_are_not_only_a_time(read: Parse, text: str) -> None:
    query = read(text)
    assert (query.time, query.words, query.sort) == (None, None, "relevance")


def test_filters_narrow_a_time(read: Parse) -> None:
    query = read("2020 ministrija:ārlietu no:06.2020", filters=Filters(published_to=date(2020, 8, 31)))
    assert query.time == (date(2020, 1, 1), date(2020, 12, 31))
    assert query.reading == "2020 ministrija:ārlietu no:06.2020"
    assert query.filters == Filters(
        ministries=("Ārlietu ministrija",), published_from=date(2020, 6, 1), published_to=date(2020, 8, 31)
    )


def test_wider_filters_leave_a_time_as_it_is(read: Parse) -> None:
    wider = Filters(published_from=date(2019, 6, 1), published_to=date(2021, 8, 31))
    for query in (read("2020", filters=wider), read("2020 no:06.2019 līdz:08.2021")):
        assert (query.filters.published_from, query.filters.published_to) == query.time
        assert query.time == (date(2020, 1, 1), date(2020, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "valoda:lv 2020 ministrija:ārlietu",
        "ministrija:ārlietu valoda:lv 2020",
        "2020 ministrija:ārlietu valoda:lv",
        "ministrija:ārlietu 2020. gadā valoda:lv",
    ],
)
def test_filters_around_a_time_do_not_hide_it(read: Parse, text: str) -> None:
    query = read(text)
    assert query.time == (date(2020, 1, 1), date(2020, 12, 31))
    assert (query.filters.ministries, query.filters.languages) == (("Ārlietu ministrija",), ("lv",))
    assert query.reading.startswith("2020")
    assert query.ignored == ()  # `gadā` belongs to the time


def test_stop_words_beside_a_time_are_listed(read: Parse) -> None:
    query = read("kas bija vakar? valoda:xx")
    assert (query.time, query.ignored) == (
        (date(2026, 11, 24), date(2026, 11, 24)),
        ("kas", "bija", "valoda:xx"),
    )
    assert read("2015. gadā valoda:xx").ignored == ("valoda:xx",)


def test_a_chosen_order_stays(read: Parse) -> None:
    assert read("2020", sort="oldest").sort == "oldest"


def test_a_time_has_a_query_for_its_words_unless_it_is_relative(read: Parse) -> None:
    words = read("2015. gadā", filters=Filters(languages=("lv",))).words
    assert words is not None
    assert (shape(words.clause), words.filters, words.sort) == (
        "2015",
        Filters(languages=("lv",)),
        "relevance",
    )
    assert read("pērn").words is None


@pytest.mark.parametrize(
    ("text", "in_words"),
    [
        ("2015. gadā", "(2015)"),
        ("2020 ministrija:ārlietu", "(2020) ministrija:ārlietu"),
        ("valoda:lv marts 2024", "(marts 2024) valoda:lv"),
    ],
)
def test_text_in_parentheses_asks_for_the_words_of_a_time(read: Parse, text: str, in_words: str) -> None:
    words = read(text).words
    assert words is not None
    assert words.text == in_words
    again = read(in_words)
    assert (again.time, again.clause, again.filters) == (None, words.clause, words.filters)


def test_a_day_in_another_language_is_named_in_any_spelling(read: Parse, analyzer: Analyzer) -> None:
    words = read("6 September 2023").words
    assert words is not None
    assert matches(words.clause, analyzer.analyze("2023. gada 6. septembrī"))
    assert not matches(words.clause, analyzer.analyze("2023. gada 7. septembrī"))


def test_what_is_ignored_beside_a_time_written_with_signs_is_listed(read: Parse) -> None:
    query = read("vasara+2020 valoda:xx")
    assert query.time == (date(2020, 6, 1), date(2020, 8, 31))
    assert (query.reading, query.ignored) == ("vasara 2020", ("valoda:xx",))
