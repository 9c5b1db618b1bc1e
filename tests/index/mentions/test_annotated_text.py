"""Sentences and words of a text are found where they are written."""

from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText

TEXT = "Ministre R. Ozola-Kļava 5. maijā atklāja skolu. Darbi turpinās."


def annotated(text: str) -> AnnotatedText:
    return AnnotatedText(text, "lv", default_analyzer())


def test_words_keep_hyphens_and_know_initials() -> None:
    words = list(annotated(TEXT).words(0, 47))
    assert [word.written for word in words] == [
        "Ministre", "R", "Ozola-Kļava", "5", "maijā", "atklāja", "skolu",
    ]  # fmt: skip
    assert [word.written for word in words if word.is_initial] == ["R"]
    assert all(TEXT[word.start : word.end] == word.written for word in words)


def test_the_sentence_of_a_place_is_found() -> None:
    text = annotated(TEXT)
    assert [TEXT[slice(*text.sentence_at(place))] for place in (0, 46, 48)] == [
        "Ministre R. Ozola-Kļava 5. maijā atklāja skolu.",
        "Ministre R. Ozola-Kļava 5. maijā atklāja skolu.",
        "Darbi turpinās.",
    ]
    assert text.sentence_at(47) == (47, 47)


def test_lemmas_are_those_of_the_index() -> None:
    assert annotated(TEXT).lemmas("skolu") == ("skola",)
