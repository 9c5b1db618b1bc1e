import pytest

from index.meaning.english_forms import english_bases, english_forms


@pytest.mark.parametrize(
    ("word", "forms", "others"),
    [
        ("Hospital", {"hospital", "hospitals"}, {"hospitality", "hospitable", "Hospital"}),
        ("subsidy", {"subsidies", "subsidy"}, {"subsidys", "subside"}),
        ("delay", {"delay", "delays", "delayed", "delaying"}, {"delaies"}),
        ("tax", {"tax", "taxes", "taxed", "taxing"}, {"taxs", "taxi"}),
        ("vaccine", {"vaccine", "vaccines", "vaccined"}, {"vaccinees", "vaccination"}),
    ],
)
def test_a_word_has_its_regular_forms_and_no_words_of_its_stem(
    word: str, forms: set[str], others: set[str]
) -> None:
    assert forms <= {*english_forms(word)}
    assert others.isdisjoint(english_forms(word))


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("Policies", "policy"),
        ("applied", "apply"),
        ("ties", "tie"),
        ("buses", "bus"),
        ("pages", "page"),
        ("planned", "plan"),
        ("moving", "move"),
        ("e-buses", "ebus"),
    ],
)
def test_a_form_has_its_base(word: str, base: str) -> None:
    assert base in english_bases(word)


@pytest.mark.parametrize("word", ["class", "red", "king", "police"])
def test_a_word_that_only_ends_as_a_form_is_itself(word: str) -> None:
    assert english_bases(word) == {word}
