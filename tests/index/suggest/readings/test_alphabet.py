from index.suggest.readings.alphabet import Alphabet
from index.suggest.readings.scripts import LATVIAN, OLD_LATVIAN, RUSSIAN


def test_the_likeliest_spelling_is_first() -> None:
    assert next(RUSSIAN.spellings("chrezvychaynaya")) == "чрезвычайная"
    assert next(LATVIAN.spellings("пуреньлапа")) == "purenlapa"
    assert next(OLD_LATVIAN.spellings("shkjeersot")) == "šķērsot"


def test_each_letter_may_stand_for_another() -> None:
    spellings = [*RUSSIAN.spellings("minimalnaja")]
    assert spellings[0] == "минималная"
    assert "минимальная" in spellings


def test_a_long_word_has_a_bounded_number_of_spellings() -> None:
    assert len([*Alphabet([("a", "a b c d e")]).spellings("a" * 40)]) == 96
