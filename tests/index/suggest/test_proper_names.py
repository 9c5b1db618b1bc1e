import pytest

from index.suggest.proper_names import CountedNames


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("To uzsver ministre Lelde Kalnkrasta.", {"Lelde Kalnkrasta"}),
        ("Šodien lemj. Pensijas pieaugs.", set()),  # may only begin a sentence
        ("Ziņo NMPD un SPKC.", {"NMPD", "SPKC"}),
        ("Būvē „Rail Baltica” un rīko „Sudraba bulta”.", {"Rail Baltica", "Sudraba bulta"}),
        ("Raksta „Viens Divi Trīs Četri”.", {"Viens Divi Trīs Četri"}),
        ("Raksta „Viens Divi Trīs Četri Pieci”.", set()),  # longer ones are sentences
        ("Līdz 2020 Lelde un 5 Ozoli.", {"Lelde", "Ozoli"}),
        ("Viņa saka: „Ziema parādīja, cik tas svarīgi.”", set()),  # speech is not a title
        ("Tā lēma Ministru kabinets", {"Ministru"}),
        ("об этом сообщил Пётр Берзкалнс", {"Пётр Берзкалнс"}),
    ],
)
def test_names_are_capitalised_inside_a_sentence(text: str, names: set[str]) -> None:
    assert set(CountedNames.of([text]).names) == names


def test_the_word_after_a_single_capital_is_counted_with_it() -> None:
    assert CountedNames.of(["Tā lēma Ministru kabinets"]).headed == {"ministru kabinets": 1}


def test_each_text_counts_once() -> None:
    assert CountedNames.of(["ar NVD un ar NVD", "ar NVD"]).names["NVD"] == 2


def test_hyphenated_words_are_kept_whole() -> None:
    assert set(CountedNames.of(["jauna e-veselība – labi, bet-"]).compounds) == {"e-veselība"}
