"""Tests of the dictionary reader and of `derivation`."""

import gc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.derivation import SuffixRule, lemma_ending
from index.analysis.latvian.hunspell import Lexicon, LexiconError, is_verb, open_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return open_lexicon()


@pytest.fixture(scope="module")
def folded() -> Lexicon:
    return open_lexicon(folded=True)


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("drošībai", ["drošība"]),
        ("Novembrī", ["novembris"]),
        ("neiet", ["iet"]),  # a negated verb
        ("nelielā", ["neliels"]),  # an adjective of its own
        ("jāstrādā", ["strādāt"]),
        ("visdrošākajiem", ["drošs"]),
        ("dodas", ["doties"]),  # reflexive, not dot
        ("dod", ["dot"]),
        ("vadītājai", ["vadītāja"]),  # feminine, not vadītājs
        ("vadītājam", ["vadītājs"]),
        ("galdiņu", ["galdiņš"]),  # diminutive, not galds
        ("upītē", ["upīte"]),
        ("strādājošajiem", ["strādāt"]),  # a suffix on a suffix
        ("mazināšanai", ["mazināšana"]),
        ("ceļa", ["celis", "ceļš"]),
        ("qwerty", []),
        ("", []),
    ],
)
def test_a_form_has_its_lemmas(lexicon: Lexicon, word: str, lemmas: list[str]) -> None:
    assert sorted(lexicon.lemmas(word)) == sorted(lemmas)


def test_a_folded_lexicon_knows_unaccented_words(folded: Lexicon) -> None:
    assert folded.lemmas("sekretaram") == ("sekretārs",)
    assert folded.lemmas("mazinasanas") == ("mazināties", "mazināšana")
    assert folded.lemmas("celu") == ("celu", "celt", "celis", "ceļš", "cēls")


def test_a_name_is_known_by_its_capital(lexicon: Lexicon) -> None:
    assert [lexicon.is_name(lemma) for lemma in ("rīga", "drošība", "riga")] == [True, False, False]


def test_another_dictionary_can_be_used(tmp_path: Path) -> None:
    aff = tmp_path / "xx.aff"
    aff.write_text("SET UTF-8\nSFX A Y 1\nSFX A s am s\n", encoding="utf-8")
    aff.with_suffix(".dic").write_text("1\nkoks/A\n", encoding="utf-8")
    assert Lexicon(aff).lemmas("kokam") == ("koks",)


@pytest.mark.parametrize("content", [None, b"SFX A\n", b"\xff\xfe", b"SFX A Y 1\nSFX A s am [\n"])
def test_an_invalid_dictionary_is_reported_by_path(tmp_path: Path, content: bytes | None) -> None:
    aff = tmp_path / "broken.aff"
    if content is not None:
        aff.write_bytes(content)
        aff.with_suffix(".dic").write_text("1\na/A\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"broken\.aff"):
        Lexicon(aff)


@given(word=st.text(max_size=40))
def test_any_text_can_be_looked_up(lexicon: Lexicon, word: str) -> None:
    assert len(set(lexicon.lemmas(word))) == len(lexicon.lemmas(word))


def test_a_lexicon_is_shared_until_its_files_change(tmp_path: Path) -> None:
    aff = tmp_path / "small.aff"
    aff.write_text("SET UTF-8\n", encoding="utf-8")
    aff.with_suffix(".dic").write_text("1\nvārds\n", encoding="utf-8")
    lexicon, folded = open_lexicon(aff), open_lexicon(aff, folded=True)
    assert (open_lexicon(aff), open_lexicon(aff, folded=True)) == (lexicon, folded)
    aff.with_suffix(".dic").write_text("2\nvārds\nmāja\n", encoding="utf-8")
    assert (open_lexicon(aff).lemmas("māja"), lexicon.lemmas("māja")) == (("māja",), ())


def test_the_garbage_collector_runs_again_after_a_failed_load(tmp_path: Path) -> None:
    aff = tmp_path / "broken.aff"
    aff.write_bytes(b"SFX A\n")
    aff.with_suffix(".dic").write_text("1\na/A\n", encoding="utf-8")
    with pytest.raises(LexiconError):
        open_lexicon(aff)
    assert gc.isenabled()


# --- A small dictionary ---

RULES = """SET UTF-8
# a comment
CIRCUMFIX X
NEEDAFFIX !
SFX A Y 4
SFX A s am [^š]s
SFX A s a .
SFX A 0 ins/B .
SFX A s iem
SFX B Y 1
SFX B s u ns
SFX V Y 1
SFX V t s t
SFX S Y 1
SFX S 0 ana/ST .
SFX C Y 1
SFX C s ajais/X s
PFX N Y 1
PFX N 0 ne .
PFX M Y 1
PFX M 0 vis/X .
"""
ROOTS = """9
koks/AN
iet/VN
Rīga/A
Ludza
labs/CM
celt/!S
bērzs/A
berzs/A
Kok/!
koks
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    aff = tmp_path_factory.mktemp("dictionary") / "small.aff"
    aff.write_text(RULES, encoding="utf-8")
    aff.with_suffix(".dic").write_text(ROOTS, encoding="utf-8")
    return aff


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("koks", ("koks",)),
        ("Kokam", ("koks",)),
        ("koka", ("koks",)),
        ("kokiem", ("koks",)),  # a rule without a condition
        ("koksins", ("koks",)),
        ("koksinu", ("koks",)),  # a rule after a rule
        ("koku", ()),  # whose condition is not met
        ("kokss", ()),
        ("ies", ("iet",)),
        ("neies", ("iet",)),  # a negated verb
        ("nekoks", ("nekoks",)),  # another word
        ("nekokam", ("nekoks",)),
        ("neneies", ()),
        ("nebērzs", ()),  # without the flag of the prefix
        ("ne", ()),
        ("vislabajais", ("labs",)),  # both or none
        ("labajais", ()),
        ("vislabs", ()),
        ("celt", ()),  # no word without a suffix
        ("celtana", ("celtana",)),  # derived: a word of its own
        ("rīga", ("rīga",)),
        ("ludza", ()),  # a form of a name
        ("bērzam", ("bērzs",)),
        ("kok", ()),
    ],
)
def test_forms_follow_the_rules_of_the_dictionary(small: Path, word: str, lemmas: tuple[str, ...]) -> None:
    assert Lexicon(small).lemmas(word) == lemmas


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [("berzam", ("berzs", "bērzs")), ("bērzam", ("berzs", "bērzs")), ("riga", ("rīga",)), ("rigs", ())],
)
def test_folded_forms_have_the_lemmas_of_all_spellings(
    small: Path, word: str, lemmas: tuple[str, ...]
) -> None:
    assert Lexicon(small, folded=True).lemmas(word) == lemmas


def test_names_are_those_with_a_capital(small: Path) -> None:
    lexicon = Lexicon(small)
    assert [lexicon.is_name(name) for name in ("rīga", "Rīga", "koks", "kok", "ludza")] == [
        True,
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("lemma", "is_one"), [("iet", True), ("doties", True), ("dotie", False), ("", False)]
)
def test_infinitives_are_verbs(lemma: str, *, is_one: bool) -> None:
    assert is_verb(lemma) == is_one


def test_the_garbage_collector_stays_off_if_it_was(tmp_path: Path) -> None:
    aff = tmp_path / "small.aff"
    aff.write_text("SET UTF-8\n", encoding="utf-8")
    aff.with_suffix(".dic").write_text("1\nvārds\n", encoding="utf-8")
    gc.disable()
    try:
        open_lexicon(aff)
        assert not gc.isenabled()
    finally:
        gc.enable()


# --- Derivation ---


@pytest.mark.parametrize(
    ("rules", "endings"),
    [
        # Reflexive, if nine tenths of the rules are.
        ([("t", "as"), ("t", "os"), ("s", "ies")], ["ties", "ties", ""]),
        ([("t", "as")] * 10 + [("t", "x")], ["ties"] * 11),
        ([("t", "as")] * 9 + [("t", "x")], [""] * 10),
        # Diminutives, feminine if any ending is.
        ([("s", "iņš"), ("s", "iņam")], ["iņš", "iņš"]),
        ([("a", "iņa"), ("a", "iņās")], ["iņa", "iņa"]),
        ([("e", "īte"), ("e", "ītes")], ["īte", "īte"]),
        ([("is", "ītis"), ("is", "īša")], ["ītis", "ītis"]),
        ([("is", "ļiņam"), ("is", "ļiņš")], ["ļiņš", "ļiņš"]),
        ([("s", "iņš"), ("s", "am")], ["", ""]),
        ([("s", "am"), ("s", "a")], ["", ""]),
    ],
)
def test_the_endings_of_a_flag_show_what_it_derives(rules: list[tuple[str, str]], endings: list[str]) -> None:
    ending_of = lemma_ending([added for _, added in rules])
    assert [ending_of(SuffixRule(strip, added, ".", "")) for strip, added in rules] == endings


def test_a_feminine_noun_is_its_own_lemma() -> None:
    ending_of = lemma_ending(["ana", "am"])
    assert [ending_of(SuffixRule("", "ana", ".", then)) for then in ("S", "TS", "T", "")] == [
        "ana",
        "ana",
        "",
        "",
    ]
