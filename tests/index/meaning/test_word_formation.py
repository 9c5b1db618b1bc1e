import pytest

from index.meaning.word_formation import base_words, stem_lemma


@pytest.mark.parametrize(
    ("lemma", "base"),
    [
        ("peldētājs", "peldēt"),
        ("taupīt", "taupīšana"),
        ("aizdegšanās", "aizdegties"),
        ("paziņojums", "paziņot"),
        ("pārvaldnieks", "pārvalde"),
        ("arodniecība", "arods"),
        ("braucējs", "braukt"),
        ("aviosatiksme", "satiksme"),
        ("hektārmaksājums", "maksājums"),
    ],
)
def test_a_derived_or_compound_word_has_a_base(lemma: str, base: str) -> None:
    assert base in base_words(lemma)


@pytest.mark.parametrize(("lemma", "other"), [("ekonomēšana", "ēšana"), ("prieks", "ieks"), ("nots", "nots")])
def test_other_endings_are_no_bases(lemma: str, other: str) -> None:
    assert other not in base_words(lemma)


@pytest.mark.parametrize("lemma", ["a" * 20_000, "~" + "a" * 20_000])
def test_long_words_of_strangers_have_no_bases(lemma: str) -> None:
    assert list(base_words(lemma)) == []


@pytest.mark.parametrize(
    ("lemma", "bases"),
    [
        ("peldētājs", "peldēt peldēties peldējums peldētāja peldēšana peldēšanās dētājs"),
        ("aviosatiksme", "osatiksme satiksme atiksme tiksme"),
        ("arods", ""),
        ("taupīt", "taupīties taupījums taupītāja taupītājs taupīšana taupīšanās"),
        ("nots", ""),
        ("satiksme", ""),
        (
            "~kalnbezdarbniek",
            "~nbezdarbniek ~bezdarbniek ~ezdarbniek ~zdarbniek ~darbniek ~arbniek ~rbniek ~bniek",
        ),
        ("~kalnbezdarb", "~nbezdarb ~bezdarb ~ezdarb ~zdarb"),
        ("braucējs", "brauct braukt"),
        ("mājas", ""),
        (
            "aizdegšanās",
            "aizdegt aizdegties aizdegjums aizdegtāja aizdegtājs aizdegšana degšanās egšanās gšanās",
        ),
    ],
)
def test_the_likeliest_base_comes_first(lemma: str, bases: str) -> None:
    assert " ".join(base_words(lemma)) == bases


def test_the_stem_of_a_word_is_that_of_a_compound_that_ends_in_it() -> None:
    assert stem_lemma("bezdarbnieks") == stem_lemma("bezdarbniekiem") == "~bezdarbniek"
    assert stem_lemma("bezdarbnieks") in base_words("~kalnbezdarbniek")


@pytest.mark.parametrize(("chars", "count"), [(8, 0), (9, 1), (60, 52), (61, 0)])
def test_both_parts_of_a_compound_are_words(chars: int, count: int) -> None:
    assert [len(base) for base in base_words("a" * chars)] == [chars - 3 - at for at in range(count)]


@pytest.mark.parametrize(("chars", "count"), [(7, 0), (8, 1), (59, 52), (60, 0)])
def test_the_stem_of_a_part_may_be_shorter(chars: int, count: int) -> None:
    assert len(list(base_words("~" + "a" * chars))) == count
