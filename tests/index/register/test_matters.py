"""The words of what falls due are those of its sentence, of the one before and of the title."""

from datetime import date

import pytest

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions import read_mentions
from index.register.matters import MatterReader, MatterWord, pack_matter, unpack_matter

TITLE = "Sāk atjaunot Cēsu skolas zāli"
TEXT = "Cēsīs sākta skolas zāles atjaunošana.\n\nDarbus plānots pabeigt līdz 2017. gada augustam. Citur nē."


def matter(title: str = TITLE, text: str = TEXT, language: Language = "lv") -> list[MatterWord]:
    found = read_mentions(default_analyzer(), text, language, date(2017, 2, 6))
    return MatterReader(title, text, language, default_analyzer()).matter(found.due[0], found)


def word(term: str, words: list[MatterWord]) -> MatterWord | None:
    """Return the word of *words* that some word of a title with only *term* is."""
    reader = MatterReader(term, "", "lv", default_analyzer())
    (terms,) = [{*reader.topic(read_mentions(default_analyzer(), "", "lv", None))}]
    return next((one for one in words if terms & {*one.terms}), None)


@pytest.mark.parametrize(
    ("term", "is_name", "is_core"),
    [("Cēsis", True, True), ("skola", False, True), ("pabeigt", False, False), ("atjaunošana", False, False)],
)
def test_a_word_is_a_name_or_of_the_core(term: str, is_name: bool, is_core: bool) -> None:
    found = word(term, matter())
    assert found is not None
    assert (found.is_name, found.is_core) == (is_name, is_core)


@pytest.mark.parametrize("term", ["gads", "augusts", "citur", "līdz"])
def test_times_small_words_and_other_sentences_are_no_matter(term: str) -> None:
    assert word(term, matter()) is None


def test_a_cited_act_is_a_name() -> None:
    text = "Ministru kabineta noteikumi Nr. 341 stāsies spēkā 2018. gada 1. jūlijā."
    assert any(one.is_name and len(one.terms) == 1 for one in matter("Autobusi", text))


def test_the_sentence_with_most_in_common_is_quoted() -> None:
    text = "Skolām būs labi. Cēsīs pabeigta skolas zāles atjaunošana. Citur vēl strādā."
    quoted = MatterReader("", text, "lv", default_analyzer()).quotable(matter())
    assert quoted is not None
    assert text[slice(*quoted)] == "Cēsīs pabeigta skolas zāles atjaunošana."
    assert MatterReader("", "", "lv", default_analyzer()).quotable(matter()) is None


def test_a_matter_is_kept_as_it_is() -> None:
    assert unpack_matter(pack_matter(matter())) == matter()
