import pytest

from index.meaning.word_formation import base_words


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
