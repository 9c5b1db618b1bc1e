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


@pytest.mark.parametrize(
    ("text", "names", "capitalized", "headed"),
    [
        # After a lower-case word, a number, a comma, a semicolon or a bracket, a capital is a name.
        (
            "tā Jānis (Lelde Kalna) un, Anna; Zane 5 Ozoli. Ozols",
            {"Jānis", "Lelde Kalna", "Anna", "Zane", "Ozoli"},
            {"jānis", "lelde", "kalna", "anna", "zane", "ozoli", "ozols"},
            set(),
        ),
        ("Viņš: Anna saka. Kas? Anna", set(), {"viņš", "anna", "kas"}, set()),
        ("„Anna saka", set(), {"anna"}, set()),
        ("(Anna saka", set(), {"anna"}, set()),
        # An adjective keeps its noun; a single capital is counted with the word after it.
        ("ar Rīgas Centrālajā stacijā", {"Rīgas Centrālajā stacijā"}, {"rīgas", "centrālajā"}, set()),
        ("ar Rīgas Lielo ielu", {"Rīgas Lielo ielu"}, {"rīgas", "lielo"}, set()),
        ("ar Rīgas Tirgus laukumu", {"Rīgas Tirgus"}, {"rīgas", "tirgus"}, set()),
        ("ar Rīgas ielu", {"Rīgas"}, {"rīgas"}, {"rīgas ielu"}),
        ("ar Lielo ielu", {"Lielo"}, {"lielo"}, {"lielo ielu"}),
        # Acronyms stand alone; the first word of a sentence is left out.
        ("Ziņo NMPD Jānis Bērzs", {"NMPD", "Jānis Bērzs"}, {"ziņo", "nmpd", "jānis", "bērzs"}, set()),
        ("ar Jānis NMPD Bērzs", {"Jānis", "NMPD", "Bērzs"}, {"jānis", "nmpd", "bērzs"}, set()),
        (
            "ar Anna-Marija, Rīga- O’Henrijs",
            {"Anna-Marija", "Rīga"},
            {"anna-marija", "rīga", "o’henrijs"},
            set(),
        ),
        # In quotes, also after a number, but not with punctuation.
        ("a „Xyz” un “Abc def” «1. vilnis» «2 viļņi»", {"Xyz", "Abc def", "2 viļņi"}, {"xyz", "abc"}, set()),
        ("a „X, y” b", set(), set(), set()),
        # Four words and sixty characters at most, and two at least.
        ("ar Viens Divi Trīs Četri", {"Viens Divi Trīs Četri"}, {"viens", "divi", "trīs", "četri"}, set()),
        ("ar Viens Divi Trīs Četri Pieci", set(), {"viens", "divi", "trīs", "četri", "pieci"}, set()),
        (f"ar A{'a' * 59}", {f"A{'a' * 59}"}, {"a" * 60}, set()),
        (f"ar A{'a' * 60}", set(), {"a" * 61}, set()),
        ("ar „X” un „5”", set(), set(), set()),
    ],
)
def test_names_of_a_text(text: str, names: set[str], capitalized: set[str], headed: set[str]) -> None:
    counted = CountedNames.of([text])
    assert (set(counted.names), set(counted.capitalized), set(counted.headed)) == (names, capitalized, headed)
    assert {*counted.names.values(), *counted.capitalized.values(), *counted.headed.values()} <= {1}
    twice = CountedNames.of([f"{text} . {text}", text])
    assert {*twice.names.values(), *twice.capitalized.values(), *twice.headed.values()} <= {1, 2}


@pytest.mark.parametrize(
    ("text", "compounds"),
    [
        ("E-veselība un e-Veselība", {"e-veselība"}),
        ("a–b c - d e -f g- h", set()),
        ("x-y-z", {"x-y", "y-z"}),
        ("(a)-b, a-(b)", set()),
        ("a_b-c_d", {"b-c"}),
        (f"{'a' * 70}-b", {f"{'a' * 60}-b"}),
    ],
)
def test_compounds_are_two_words_at_a_hyphen(text: str, compounds: set[str]) -> None:
    assert set(CountedNames.of([text]).compounds) == compounds
