"""Words of another country are known before and after a name."""

import pytest

from index.mentions.foreign import follows_foreign_word, is_foreign_word, precedes_foreign_word


@pytest.mark.parametrize(
    ("word", "is_foreign"), [("Igaunijas", True), ("Lithuanian", True), ("Latvijas", False), ("Rīgas", False)]
)
def test_a_word_names_another_country(word: str, *, is_foreign: bool) -> None:
    assert is_foreign_word(word) == is_foreign


def test_the_word_before_counts_and_the_words_after() -> None:
    assert follows_foreign_word("Igaunijas Republikas Saeima", 21)
    assert not follows_foreign_word("Latvijas Republikas Saeima", 20)
    assert precedes_foreign_word("Ministry of Defence of Ukraine", 19)
    assert not precedes_foreign_word("Ministry of Defence of Latvia", 19)
