"""Predicates are known by their form: future, duty, plan, past, denied or hypothetical."""

import pytest

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.predicates import Tense, find_predicates


@pytest.mark.parametrize(
    ("words", "tense"),
    [
        ("stāsies notiks sāksies pabeigs ieviesīs būs tiks pārbaudīs lems dosies", Tense.FUTURE),
        ("jāiesniedz jāuzstāda jāiziet jānodod jāmaksā", Tense.DUTY),
        ("plānots paredzēta varētu gaidāma", Tense.PLAN),
        ("aicina var gaida piesakās", Tense.INVITATION),
        ("stājas notiek beidzas", Tense.PRESENT),
        ("stājās sākās notika iesniedza pabeidza runāja mācījās bija", Tense.PAST),
        ("uzdeva nolēma vienojās pagarināts", Tense.CHARGE),
        ("nestāsies nebūs netiks", Tense.DENIED),
        ("iesniegtu stātos būtu", Tense.CONDITIONAL),
        ("līdzekļus gadu vidus tiesas darbus kopa vieta daļa Jāņos", None),
    ],
)
def test_a_latvian_word_says_when(words: str, tense: Tense | None) -> None:
    for word in words.split():
        annotated = AnnotatedText(word, "lv", default_analyzer())
        assert [one.tense for one in find_predicates(annotated, 0, len(word))] == [tense] * (
            tense is not None
        )


@pytest.mark.parametrize(
    ("text", "tenses"),
    [
        ("Darbi tiks pilnībā pabeigti martā", [Tense.FUTURE, Tense.FUTURE]),
        ("Projekts nodots martā", [Tense.PAST]),
        ("Projekts plānots pabeigts", [Tense.PLAN, Tense.PLAN]),
    ],
)
def test_a_participle_follows_its_auxiliary(text: str, tenses: list[Tense]) -> None:
    annotated = AnnotatedText(text, "lv", default_analyzer())
    assert [one.tense for one in find_predicates(annotated, 0, len(text))] == tenses


@pytest.mark.parametrize(
    ("text", "language", "tenses"),
    [
        ("The law will be amended", "en", [Tense.FUTURE, Tense.FUTURE]),
        ("It was amended", "en", [Tense.PAST, Tense.PAST]),
        ("Закон вступит в силу", "ru", [Tense.FUTURE]),
        ("Он сообщил", "ru", [Tense.PAST]),
    ],
)
def test_other_languages_have_their_words(text: str, language: str, tenses: list[Tense]) -> None:
    annotated = AnnotatedText(text, "en" if language == "en" else "ru", default_analyzer())
    assert [one.tense for one in find_predicates(annotated, 0, len(text))] == tenses
