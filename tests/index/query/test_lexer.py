"""The lexer and its tables (`lexemes`), through the parser."""

import random

import pytest

from index.query import AllOf, Note, Phrase, Word
from index.query.lexer import NOTE_CHARS, NOTES_MAX, WORDS_MAX
from index.query.parser import TEXT_CHARS
from tests.support.effort import calls
from tests.support.queries import Parse, leaves, shape


def test_an_initial_must_match_but_is_not_scored(read: Parse) -> None:
    clause = read("vitamīns D").clause
    assert isinstance(clause, AllOf)
    assert [word.scored for word in clause.clauses if isinstance(word, Word)] == [True, False]


@pytest.mark.parametrize(("text", "scored"), [('"vitamīns D"', [True, False]), ('"Š. Bērze"', [False, True])])
def test_an_initial_in_a_phrase_is_not_scored(read: Parse, text: str, scored: list[bool]) -> None:
    phrase = read(text).clause
    assert isinstance(phrase, Phrase)
    assert [word.scored for word in phrase.words] == scored


@pytest.mark.parametrize("text", ["IT nozare", "IT PVN", "IT:2017"])
def test_an_acronym_beside_other_words_is_not_the_stop_word(read: Parse, text: str) -> None:
    clause = read(text).clause
    assert isinstance(clause, AllOf)
    assert clause.clauses[0] == Word(text="IT", lemma=("^it",), exact=("^it",))


@pytest.mark.parametrize(
    ("text", "ignored"),
    [("cik tad liela ir alga", ("cik", "tad", "liela", "ir")), ("IT NOZARE ATTĪSTĀS", ("IT",))],
)
def test_stop_words_and_fillers_after_them_are_ignored(
    read: Parse, text: str, ignored: tuple[str, ...]
) -> None:
    assert read(text).ignored == ignored


def test_words_beyond_the_limit_are_cut(read: Parse) -> None:
    assert read("drošība " * 33).cut
    assert read("a" * (TEXT_CHARS + 1)).cut
    assert not read("drošība " * 32).cut
    assert len(list(leaves(read("vārds " * 5_000).clause))) == WORDS_MAX


@pytest.mark.parametrize(
    "piece",
    ["a", "ā", "a ", "(", "()", "(a", '"', '" ', '"a" ', "=", "-a", "-(", "a-", "a.b.", "a@", "1 ", "1.1",
     "*", "27.11.2017", "www.", "title:", "gads:2017 ", "a\u0301", "\u00ad", "a\u00ad", "UN ", "NE ", "+371",
     "'a", "\ud800", "šana", "-gads:2017 ", "NE ministrija:a ", "VAI ", "A. Bē ", '="a" ',
     "a~2 ", "14. martā ", "*a", "*abc ", "ab?cd ", "?", "|", "!a ", "^1", "a:b", "27/11/17 ", "27.11. ",
     "7.2024 ", "gads:x ", '"a*"~ '],
)  # fmt: skip
def test_work_on_repeated_text_is_bounded(read: Parse, piece: str) -> None:
    text = (piece * TEXT_CHARS)[:TEXT_CHARS]
    read(text)  # its words are looked up once
    assert calls(lambda: read(text)) < 40_000


def test_work_on_random_text_is_bounded(read: Parse) -> None:
    letters = random.Random(1).choices("aābE1.-*~=:()\"„“ \n\u00ad\u0301'", k=TEXT_CHARS)
    assert calls(lambda: read("".join(letters))) < 40_000


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("www.iem.gov.lv", "(iem gov lv)"),
        ("e-pasts", '(e-pasts | "e pasts"~0)'),
        ("pērn* budžets", "(pern* budžets)"),
        ("osta 27.11.2017", '(osta (27.11.2017 | (2017 "27 novembris"~0)))'),
        ("osta 27/11/17", '(osta (27.11.2017 | (2017 "27 novembris"~0)))'),
        ("osta 27.11.", '(osta (27.11 | "27 novembris"~0))'),
        ("osta 11.2017", "(osta 2017 novembris)"),
        ("osta 4.1. punkts", "(osta 4.1 punkts)"),
        ("osta 10.11.12.13", "(osta 10.11.12.13)"),
        ("=2017-11-27", "27.11.2017"),
        ("UN Security Council", "(UN Security Council)"),
        ("UN seat", "(UN seat)"),
        ("UN drošība", "drošība"),
        ("it nozare", "((IT | *) nozare)"),
        ("A. Zemrīte runa", '((Zemrīte | "A Zemrīte"~0) runa)'),
    ],
)
def test_a_word_becomes_the_clause_of_its_kind(read: Parse, text: str, tree: str) -> None:
    assert shape(read(text).clause) == tree


@pytest.mark.parametrize(
    ("text", "tree", "reading"),
    [
        ("drošība | jūra", "(drošība | jūra)", "drošība VAI jūra"),
        ("drošība|| jūra", "(drošība | jūra)", "drošība VAI jūra"),
        ("drošība !jūra", "(drošība -jūra)", "drošība -jūra"),
        ("Labdien! jūra", "(Labdien jūra)", "Labdien jūra"),
        ("*sargs", "*sargs", "*sargs"),
        ("!*sargs jūra", "(-*sargs jūra)", "-*sargs jūra"),
        ("UG?NS", "ug?ns", "UG?NS"),
        ("dro**bas", "dro*bas", "dro*bas"),
        ("kas deg?", "deg", "deg"),
        ("kas ir ug?ns?", "ug?ns", "ug?ns"),
        ("virsraksts:*sargs", "title:*sargs", "virsraksts:*sargs"),
        ('"drošība jūra"~', '"drošība jūra"~5', '"drošība jūra"~5'),
        ('"drošība jūra"~500', '"drošība jūra"~99', '"drošība jūra"~99'),
        ("ministrs~7", "ministrs~2", "ministrs~2"),
    ],
)
def test_signs_of_other_engines_are_understood(read: Parse, text: str, tree: str, reading: str) -> None:
    query = read(text)
    assert (shape(query.clause), query.reading, query.notes) == (tree, reading, ())


@pytest.mark.parametrize(
    ("text", "reading", "note"),
    [
        ("a* jūra", "jūra", Note("short wildcard", "a*")),
        ("b?c jūra", "b c jūra", Note("short wildcard", "b?c")),
        ('"valsts bud*"', '"valsts bud"', Note("wildcard in phrase", '"valsts bud*"')),
        ('"valsts budžets~"', '"valsts budžets"', Note("wildcard in phrase", '"valsts budžets~"')),
        ("viens~ divi~ trīs~", "viens~1 divi~1 trīs", Note("too many wildcards", "trīs~")),
        ("viens~ divi~ *trīs", "viens~1 divi~1 trīs", Note("too many wildcards", "*trīs")),
        ("*sargs b?rzs ug?ns", "*sargs b?rzs ug ns", Note("too many wildcards", "ug?ns")),
        ("jūra^2 osta", "jūra osta", Note("no boost", "^2")),
        ('"jūra', "jūra", Note("open quote", '"')),
        ("autors:Ozoliņa", "autors Ozoliņa", Note("no filter", "autors:")),
    ],
)
def test_what_has_no_meaning_gets_a_note(read: Parse, text: str, reading: str, note: Note) -> None:
    query = read(text)
    assert (query.reading, query.notes) == (reading, (note,))


@pytest.mark.parametrize(
    "text",
    [
        '"vai tā?"',
        "10:30",
        "https://www.lv.lv",
        "virsraksts:jūra",
        "Temats: jūra",
        '""',
        "2:1",
        "ab*",
        "a?bc",
    ],
)
def test_other_texts_have_no_notes(read: Parse, text: str) -> None:
    assert read(text).notes == ()


def test_notes_are_few_and_short(read: Parse) -> None:
    text = " ".join(f"lauks{letter}:x" for letter in "abcdefghijklmno") + " gads:" + "x" * 64
    assert len(read(text).notes) == NOTES_MAX
    (note,) = read(f'jūra gads:"{"x" * (NOTE_CHARS + 9)}"').notes
    assert len(note.text) == NOTE_CHARS


def test_an_exact_acronym_matches_only_capitals(read: Parse) -> None:
    assert read("=IT nozare").clause.clauses[0] == Word(text="IT", exact=("^it",))  # type: ignore[union-attr]


def test_an_acronym_is_one_in_strict_quotes_too(read: Parse) -> None:
    phrase = read('="IT nozare"').clause
    assert isinstance(phrase, Phrase)
    assert [word.exact for word in phrase.words] == [("^it",), ("nozare",)]


def test_the_union_is_meant_in_lower_case_too(read: Parse) -> None:
    clause = read("es").clause
    assert isinstance(clause, Word)
    assert "^es" in clause.lemma


def test_an_exclusion_without_meaning_is_never_read_as_words(read: Parse) -> None:
    query = read("gads:abc -valoda:zz")
    assert (query.reading, query.ignored) == ("gads abc", ("-valoda:zz",))


@pytest.mark.parametrize(("text", "accented"), [("Rīgā", "ri"), ("Riga", ""), ("Valmierā", "")])
def test_a_word_knows_its_accented_beginning(read: Parse, text: str, accented: str) -> None:
    clause = read(text).clause
    assert isinstance(clause, Word)
    assert clause.accented == accented


def test_words_of_a_phrase_count_towards_the_limit(read: Parse) -> None:
    (phrase,) = leaves(read(f'"{"vārds " * (WORDS_MAX + 8)}"').clause)
    assert isinstance(phrase, Phrase)
    assert len(phrase.words) == WORDS_MAX
    last = list(leaves(read("vārds " * (WORDS_MAX - 1) + '"viens divi"').clause))[-1]
    assert isinstance(last, Word)


def test_wildcards_count_towards_the_limit(read: Parse) -> None:
    assert not read("vārds " * (WORDS_MAX - 1) + "*sargs").cut
    assert read("vārds " * WORDS_MAX + "*sargs").cut


def test_diacritics_in_quotes_must_match(read: Parse) -> None:
    phrase = read('"Rīgas osta"').clause
    assert isinstance(phrase, Phrase)
    assert [(word.exact, word.fold) for word in phrase.words] == [(("rīgas",), ()), ((), ("osta",))]


def test_a_single_word_in_quotes_is_scored_as_typed_and_found_with_diacritics(read: Parse) -> None:
    clause = read('"Riga"').clause
    assert isinstance(clause, Word)
    assert (clause.exact, clause.fold) == (("riga",), ("riga",))


def test_words_of_a_spoken_period_count_towards_the_limit(read: Parse) -> None:
    assert not read("pagājušajā nedēļā " * (WORDS_MAX // 2)).cut
    assert read("pagājušajā nedēļā " * (WORDS_MAX // 2 + 1)).cut


def test_a_period_in_a_filter_without_meaning_is_not_offered(read: Parse) -> None:
    query = read("osta valoda:2017.gads")
    assert (query.periods, query.ignored) == ((), ("valoda:2017.gads",))


def test_a_period_in_quotes_is_words(read: Parse) -> None:
    assert read('osta "2017. gada novembris"').periods == ()
