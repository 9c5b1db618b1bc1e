import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.letters import fold, fold_all, fold_word


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĀČĒĢĪĶĻŅŌŖŠŪŽ", "ACEGIKLNORSUZ"),
        ("āčēģīķļņōŗšūž", "acegiklnorsuz"),
        ("Müller", "Muller"),
        ("Łódź", "Lodz"),
        ("straße", "strasse"),
        ("йод, ёлка", "йод, елка"),
        ("a\u0304", "a"),
        ("日本", "日本"),
    ],
)
def test_folding_removes_diacritics_and_keeps_other_alphabets(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
def test_fold_all_folds_like_fold(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


def test_a_folded_word_is_as_fold_has_it() -> None:
    assert [fold_word(word) for word in ("ķēniņš", "Йога", "Øđß", "", "abc")] == [
        "kenins",
        "Йога",
        "Odss",
        "",
        "abc",
    ]


def test_nothing_is_folded_of_no_texts() -> None:
    assert (fold_all([]), fold_all([""]), fold_all(["ā", "", "ß"])) == ([], [""], ["a", "", "ss"])
