"""Laws are found in English and Russian releases where it is sure where their names begin and end."""

import pytest

from index.mentions.acts.translated_laws import find_english_laws, find_russian_laws


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Under Section 190 of the Criminal Law, he paid.", ["Criminal Law"]),
        ("the General Education Law and the Education Law", ["General Education Law", "Education Law"]),
        ("the Latvian National Security Law", ["National Security Law"]),
        ("the Law On Accounting and Cabinet Regulation No. 5", ["Law On Accounting"]),
        ("the Protection of the Rights of the Child Law", ["Protection of the Rights of the Child Law"]),
        ("the Rule of Law and the International Law", []),
        ("the draft Law on the Euro", []),
        ("the Riga Law School", []),
        ("a new law", []),
    ],
)
def test_english_names_are_capitalised(text: str, names: list[str]) -> None:
    assert [law.key for law in find_english_laws(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("поправки к Закону об образовании и Закону о труде.", ["Закон об образовании", "Закон о труде"]),
        ("по статье 260 Уголовного закона.", ["Уголовный закон"]),
        ("Коммерческому закону", ["Коммерческий закон"]),
        ("Закон о лечении вступит в силу завтра.", []),
        ("Новый закон.", []),
    ],
)
def test_russian_names_end_where_no_verb_follows(text: str, names: list[str]) -> None:
    assert [law.key for law in find_russian_laws(text)] == names
