import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer, Token
from index.analysis.latvian.letters import fold
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    Everything,
    Filters,
    Fuzzy,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Query,
    Word,
    parse,
)
from index.query.lexer import WORDS_MAX
from index.query.parser import TEXT_CHARS
from index.query.synonyms import Synonyms
from tests.support.effort import calls

TODAY = date(2026, 11, 25)
MINISTRIES = ("Iekšlietu ministrija", "Ārlietu ministrija", "Valsts policija")
SEED = (
    "Iekšlietu ministrijas valsts sekretārs D.Trofimovs diskutē par drošības izaicinājumiem Baltijas jūras "
    "reģionā, kritiskās infrastruktūras drošību un civilās aizsardzības jautājumus; "
    "e-pasts, Covid-19, ES, 27.11.2017"
)

Parse = Callable[..., Query]


@pytest.fixture(scope="session")
def read(analyzer: Analyzer) -> Parse:
    def read(text: str, **options: object) -> Query:
        return parse(text, analyzer=analyzer, today=TODAY, ministries=MINISTRIES, **options)  # type: ignore[arg-type]  # tests name the options

    return read


def leaves(clause: Clause) -> Iterator[Clause]:
    match clause:
        case AllOf(clauses) | AnyOf(clauses) | MostOf(clauses):
            for inner in clauses:
                yield from leaves(inner)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield clause


def matches(clause: Clause, tokens: list[Token]) -> bool:  # noqa: PLR0911  # one for each kind of clause
    """What the query language means, on one text."""
    match clause:
        case AllOf(clauses):
            return all(matches(inner, tokens) for inner in clauses)
        case AnyOf(clauses) | MostOf(clauses):
            return any(matches(inner, tokens) for inner in clauses)
        case Not(inner):
            return not matches(inner, tokens)
        case Everything():
            return True
        case Phrase(words=words, slop=slop):
            return any(stands(words, tokens, at, slop) for at in range(len(tokens)))
        case Prefix(text=text):
            return any(term.startswith(text) for token in tokens for term in token.forms.fold)
        case Word():
            return any(fits(clause, token) for token in tokens)
        case Fuzzy(text=text):
            return any(text in token.forms.fold for token in tokens)


def stands(words: tuple[Word, ...], tokens: list[Token], at: int, slop: int) -> bool:
    first, *rest = words
    if not fits(first, tokens[at]):
        return False
    if not rest:
        return True
    after = range(at + 1, min(at + 2 + slop, len(tokens)))
    return any(stands(tuple(rest), tokens, place, slop - (place - at - 1)) for place in after)


def fits(word: Word, token: Token) -> bool:
    return any(
        not set(getattr(word, field)).isdisjoint(getattr(token.forms, field))
        for field in ("lemma", "stem", "exact", "fold")
    )


# --- What is found -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drosibas izaicinajumi Baltijas jura", True),
        ("Trofimovs", True),
        ("Trofimovam", True),
        ("D. Trofimovs", True),
        ("27.11.2017", True),
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
def test_queries_find_the_text_or_not(read: Parse, analyzer: Analyzer, text: str, *, expected: bool) -> None:
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
def test_a_query_in_other_endings_and_without_diacritics_finds_the_text(
    read: Parse, analyzer: Analyzer, pairs: list[tuple[str, str]]
) -> None:
    tokens = analyzer.analyze(" ".join(written for written, _ in pairs))
    typed = " ".join(asked for _, asked in pairs)
    assert matches(read(typed).clause, tokens)
    assert matches(read(fold(typed)).clause, tokens)


@given(words=st.lists(st.sampled_from([row[0] for row in FORMS]), min_size=2, max_size=6))
def test_a_phrase_without_diacritics_finds_what_the_phrase_with_them_finds(
    read: Parse, analyzer: Analyzer, words: list[str]
) -> None:
    tokens = analyzer.analyze(" ".join(words))
    phrase = f'"{" ".join(words)}"'
    assert matches(read(phrase).clause, tokens)
    assert matches(read(fold(phrase)).clause, tokens)


# --- How it is read ------------------------------------------------------------------------------


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
        ("it nozare", "nozare"),
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
def test_the_reading_says_how_it_was_read(read: Parse, text: str, reading: str) -> None:
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


def test_an_initial_must_stand_there_but_is_not_scored(read: Parse) -> None:
    clause = read("vitamīns D").clause
    assert isinstance(clause, AllOf)
    assert [word.scored for word in clause.clauses if isinstance(word, Word)] == [True, False]


@pytest.mark.parametrize("text", ["D. Trofimovam", "D.Trofimovs", "A. Trofimovs", "D Trofimovs"])
def test_an_initial_before_a_surname_may_stand_for_a_whole_name(
    read: Parse, analyzer: Analyzer, text: str
) -> None:
    clause = read(text).clause
    assert isinstance(clause, AnyOf)
    assert matches(clause, analyzer.analyze("Dimitrijs Trofimovs"))
    assert matches(clause.clauses[1], analyzer.analyze(f"{text[0]}. Trofimovs"))
    assert not matches(clause.clauses[1], analyzer.analyze("Dimitrijs Trofimovs"))


@pytest.mark.parametrize("text", ["IT nozare", "IT PVN", "IT:2017"])
def test_capitals_among_small_letters_or_abbreviations_ask_for_the_abbreviation(
    read: Parse, text: str
) -> None:
    clause = read(text).clause
    assert isinstance(clause, AllOf)
    assert clause.clauses[0] == Word(text="IT", lemma=("^it",), exact=("^it",))


def test_a_part_holds_for_everything_in_parentheses(read: Parse) -> None:
    words = list(leaves(read("virsraksts:(drošība -jūra) budžets").clause))
    assert [word.part for word in words if isinstance(word, Word)] == ["title", "title", None]


def test_nothing_but_exclusions_excludes_from_everything(read: Parse) -> None:
    clause = read("-drošība").clause
    assert isinstance(clause, AllOf)
    assert clause.clauses[0] == Everything()


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("gads:2017", Filters(published_from=date(2017, 1, 1), published_to=date(2017, 12, 31))),
        ("no:2017-05 līdz:2018", Filters(published_from=date(2017, 5, 1), published_to=date(2018, 12, 31))),
        ("from:27.11.2017", Filters(published_from=date(2017, 11, 27))),
        (
            'datums:"pagājušajā nedēļā"',
            Filters(published_from=date(2026, 11, 16), published_to=date(2026, 11, 22)),
        ),
        ("valoda:angļu", Filters(languages=("en",))),
        ("lang:ru", Filters(languages=("ru",))),
        ("ministrija:iekšlietu", Filters(ministries=("Iekšlietu ministrija",))),
        ('iestade:"valsts pol"', Filters(ministries=("Valsts policija",))),
    ],
)
def test_facets_become_filters(read: Parse, text: str, filters: Filters) -> None:
    query = read(f"{text} drošība")
    assert query.filters == filters
    assert query.reading == f"drošība {text}"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("ministrija:iekšlietu ministrija:ārlietu", Filters(ministries=MINISTRIES[:2])),
        ("ministrija:ārlietu VAI iestāde:policija", Filters(ministries=MINISTRIES[1:])),
        ("valoda:en valoda:ru", Filters(languages=("en", "ru"))),
        ("gads:2015 gads:2017", Filters(published_from=date(2015, 1, 1), published_to=date(2017, 12, 31))),
        ("-ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("NE ministrija:policija", Filters(ministries=MINISTRIES[:2])),
        ("-ministrija:policija -ministrija:ārlietu", Filters(ministries=MINISTRIES[:1])),
        ("-valoda:lv", Filters(languages=("en", "ru"))),
        ("valoda:lv valoda:en -valoda:en", Filters(languages=("lv",))),
        ("-no:2017", Filters(published_to=date(2016, 12, 31))),
        ("-līdz:2017", Filters(published_from=date(2018, 1, 1))),
        ("valoda:lv -valoda:lv", Filters(published_from=date.max, published_to=date.min)),  # none is left
    ],
)
def test_several_of_a_field_are_any_of_them_and_a_minus_refuses(
    read: Parse, text: str, filters: Filters
) -> None:
    query = read(f"drošība {text}")
    assert (query.filters, query.clause) == (filters, read("drošība").clause)


@pytest.mark.parametrize("text", ["-gads:2017", "-ministrija:nezināma", "NOT valoda:xx"])
def test_a_refused_filter_that_means_nothing_is_told(read: Parse, text: str) -> None:
    query = read(f"{text} drošība")
    assert (query.filters, query.ignored) == (Filters(), (text,))
    assert query.clause == read("drošība").clause


def test_what_is_refused_is_left_out_of_what_was_chosen(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:2])
    assert read("-ministrija:ārlietu", filters=chosen).filters.ministries == MINISTRIES[:1]


def test_facets_narrow_the_filters_that_are_set(read: Parse) -> None:
    query = read("gads:2017", filters=Filters(published_from=date(2017, 6, 1), languages=("lv",)))
    assert query.filters == Filters(
        languages=("lv",), published_from=date(2017, 6, 1), published_to=date(2017, 12, 31)
    )


def test_dates_are_offered_and_what_they_are_made_of_stays(read: Parse) -> None:
    query = read("budžets 2017. gada novembrī")
    assert query.reading == "budžets 2017 novembrī"
    assert query.ignored == ("gada",)
    assert [(str(period.first), str(period.last)) for period in query.periods] == [
        ("2017-11-01", "2017-11-30")
    ]


def test_page_and_order_are_kept(read: Parse) -> None:
    query = read("drošība", sort="newest", page=3, per_page=50)
    assert (query.sort, query.page, query.per_page) == ("newest", 3, 50)


# --- Whatever is typed ---------------------------------------------------------------------------

SYNTAX = st.text(alphabet='aāBES1.-*~=:()"„“«» \n\u00ad\u0301\ud800\x00', max_size=80)
PIECES = st.lists(
    st.sampled_from(
        ["drošība", "par", "UN", "VAI", "NE", "-", "(", ")", '"', "„", "“", "~3", "=", "*", "title:", "gads:",
         "-valoda:lv", "ministrija:", "2017", "27.11.2017", "no:", "ES", "e-pasts", "A.", "Trofimovs",
         "www.lv.lv", "http://~~", "a@b.lv", " ", " "]
    )
).map("".join)  # fmt: skip


@given(text=st.one_of(st.text(), SYNTAX, PIECES))
def test_any_text_is_a_query_that_can_be_shown(read: Parse, text: str) -> None:
    query = read(text)
    (query.text + query.reading + "".join(query.ignored)).encode()
    assert len(list(leaves(query.clause))) <= WORDS_MAX * 13  # a compound or an address is several


@given(text=st.one_of(st.text(), SYNTAX, PIECES))
def test_the_reading_means_what_was_typed(read: Parse, text: str) -> None:
    query = read(text)
    again = read(query.reading)
    assert again.reading == query.reading
    if not query.filters.published_from:
        assert again.clause == query.clause


def test_a_text_without_end_is_cut_and_says_so(read: Parse) -> None:
    assert read("drošība " * 33).cut
    assert read("a" * (TEXT_CHARS + 1)).cut
    assert not read("drošība " * 32).cut
    assert len(list(leaves(read("vārds " * 5_000).clause))) == WORDS_MAX


@pytest.mark.parametrize(
    "piece",
    ["a", "ā", "a ", "(", "()", "(a", '"', '" ', '"a" ', "=", "-a", "-(", "a-", "a.b.", "a@", "1 ", "1.1",
     "*", "27.11.2017", "www.", "title:", "gads:2017 ", "a\u0301", "\u00ad", "a\u00ad", "UN ", "NE ", "+371",
     "'a", "\ud800", "šana", "-gads:2017 ", "NE ministrija:a ", "VAI ", "A. Bē ", '="a" ',
     "a~2 ", "14. martā "],
)  # fmt: skip
def test_ten_thousand_letters_take_bounded_work(read: Parse, piece: str) -> None:
    text = (piece * TEXT_CHARS)[:TEXT_CHARS]
    read(text)  # its words are looked up once
    assert calls(lambda: read(text)) < 40_000


def test_ten_thousand_random_letters_take_bounded_work(read: Parse) -> None:
    letters = random.Random(1).choices("aābE1.-*~=:()\"„“ \n\u00ad\u0301'", k=TEXT_CHARS)
    assert calls(lambda: read("".join(letters))) < 40_000


def test_deep_nesting_stays_shallow(read: Parse) -> None:
    clause = read("-(" * 200 + "drošība").clause
    assert len(re.findall(r"Not\(|All\(", repr(clause))) <= 2


# --- The tree that is read -----------------------------------------------------------------------


def shape(clause: Clause) -> str:  # noqa: PLR0911  # one for each kind of clause
    """Return *clause* as a line: all in parentheses, alternatives between bars, everything a star."""
    inner = (shape(one) for one in getattr(clause, "clauses", ()))
    match clause:
        case AllOf() | MostOf():
            return f"({' '.join(inner)})"
        case AnyOf():
            return f"({' | '.join(inner)})"
        case Not(one):
            return f"-{shape(one)}"
        case Everything():
            return "*"
    part = f"{clause.part}:" if clause.part else ""
    match clause:
        case Word(text=text):
            return f"{part}{text}"
        case Phrase(words=words, slop=slop):
            return f'{part}"{" ".join(word.text for word in words)}"~{slop}'
        case Prefix(text=text):
            return f"{part}{text}*"
        case Fuzzy(text=text, distance=distance):
            return f"{part}{text}~{distance}"


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
def test_the_tree_that_is_read(
    read: Parse, text: str, tree: str, reading: str, ignored: tuple[str, ...]
) -> None:
    query = read(text)
    assert (shape(query.clause), query.reading, query.ignored) == (tree, reading, ignored)


def test_a_query_has_the_usual_order_and_page_and_no_filter(read: Parse) -> None:
    query = read("drošība")
    assert (query.sort, query.page, query.per_page, query.filters) == ("relevance", 1, 10, Filters())
    assert (query.synonyms, query.periods, query.cut, query.ignored) == ((), (), False, ())


def test_what_was_typed_is_kept_without_what_cannot_be_shown(read: Parse) -> None:
    text = "".join(map(chr, range(0x20))) + "a\x7f\x9f\ud800\udfff\ufffe\uffffb\xa0\ue000"
    assert read(text).text == " " * 9 + "\t\n" + " " * 21 + "a" + " " * 6 + "b\xa0\ue000"


@pytest.mark.parametrize(("length", "is_cut"), [(9_999, False), (10_000, False), (10_001, True)])
def test_what_is_beyond_the_bound_is_not_read(read: Parse, length: int, *, is_cut: bool) -> None:
    query = read("a".rjust(length))
    assert query.cut is is_cut
    assert len(query.text) == min(length, TEXT_CHARS)
    assert query.reading == ("" if is_cut else "a")


def test_abbreviations_are_widened_and_named(read: Parse, analyzer: Analyzer) -> None:
    names = Synonyms({"VUGD": ["Valsts ugunsdzēsības un glābšanas dienests"]}, analyzer)
    query = read("VUGD drošība", synonyms=names)
    assert query.synonyms
    assert query.reading == "VUGD drošība"
    assert matches(query.clause, analyzer.analyze("Drošība: Valsts ugunsdzēsības un glābšanas dienests"))
    assert read("drošība", synonyms=names).synonyms == ()


def test_without_names_of_ministries_none_is_chosen(analyzer: Analyzer) -> None:
    query = parse("ministrija:policija", analyzer=analyzer, today=TODAY)
    assert query.filters == Filters()


def test_filters_that_are_set_stay(read: Parse) -> None:
    chosen = Filters(ministries=MINISTRIES[:1], languages=("lv",), published_to=date(2017, 1, 1))
    assert read("drošība", filters=chosen).filters == chosen


def test_times_as_people_say_them_are_wished_for_beside_other_words_only(read: Parse) -> None:
    assert "| *)" in shape(read("budžets pagājušajā nedēļā").clause)
    assert "| *)" not in shape(read("pagājušajā nedēļā").clause)
