from index.meaning.concepts import CONCEPTS, read_concepts
from index.meaning.word_concepts import WORDS, read_words


def test_each_word_that_we_ship_names_a_concept_that_we_ship() -> None:
    names = {concept[0].text for concept in read_concepts(CONCEPTS)}
    words = dict(read_words())
    assert len(words) > 2_500
    assert set(words.values()) <= names


def test_the_licence_is_beside_the_words() -> None:
    assert "CC BY-SA 4.0" in WORDS.read_text(encoding="utf-8").splitlines()[1]
    assert "Attribution-ShareAlike 4.0" in WORDS.with_name("LICENSE.txt").read_text(encoding="utf-8").replace(
        "\n", " "
    )
