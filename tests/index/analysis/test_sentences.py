import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.sentences import spans, spans_around


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Viens. Divi! Trīs?", ["Viens.", "Divi!", "Trīs?"]),
        ("Likums Nr. 5 stājas spēkā.", ["Likums Nr. 5 stājas spēkā."]),
        ("Pirmdien, 27.novembrī, ir sēde. Otrdien nav.", ["Pirmdien, 27.novembrī, ir sēde.", "Otrdien nav."]),
        ("No 30. septembra līdz 2. oktobrim.", ["No 30. septembra līdz 2. oktobrim."]),
        ("Kopš 2012.gadā sāktā. Un 2012. gadā.", ["Kopš 2012.gadā sāktā.", "Un 2012. gadā."]),
        ("Tā sacīja D.Trofimovs un D. Trofimovs.", ["Tā sacīja D.Trofimovs un D. Trofimovs."]),
        ("Akcīzes, PVN u.c. nodokļi. Arī citi.", ["Akcīzes, PVN u.c. nodokļi.", "Arī citi."]),
        ("14. Saeima sanāk plkst. 9. Tad runā.", ["14. Saeima sanāk plkst. 9. Tad runā."]),
        ("Tas notika 2017. Tad vairs ne.", ["Tas notika 2017.", "Tad vairs ne."]),
        ("Ministrs: „Tā ir.” Viss.", ["Ministrs: „Tā ir.”", "Viss."]),
        ("Virsraksts bez punkta\n\nTeksts.", ["Virsraksts bez punkta", "Teksts."]),
        ("The Minister met Mr. Smith. They talked.", ["The Minister met Mr. Smith.", "They talked."]),
        ("Министр прибыл в Ригу. Он говорил.", ["Министр прибыл в Ригу.", "Он говорил."]),
        ("", []),
    ],
)
def test_text_is_split_into_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text)] == sentences


@given(st.text(alphabet="aB1. !?\n„”ā", max_size=200))
def test_every_character_is_in_one_sentence(text: str) -> None:
    inside = "".join(text[start:end] for start, end in spans(text))
    assert "".join(inside.split()) == "".join(text.split())


@given(st.text(alphabet="aB1. !?\n„”ā", max_size=200))
def test_the_sentences_around_words_are_those_that_contain_them(text: str) -> None:
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    sentences = [(start, end) for at in places for start, end in spans(text) if start <= at < end]
    assert spans_around(text, places, 0, len(text)) == list(dict.fromkeys(sentences))
