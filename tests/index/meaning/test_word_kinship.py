import pytest

from crawler.config import Language
from index.meaning.word_kinship import FORM, SAME_LEMMA, STRANGER, closeness


@pytest.mark.parametrize(
    ("typed", "term", "language", "degree"),
    [
        ("hospital", "hospital", "en", FORM),
        ("hospitals", "hospital", "en", FORM),
        ("grant", "grants", "en", FORM),
        ("quarantine", "quarantined", "en", FORM),
        ("policies", "policy", "en", FORM),
        ("e-buses", "e-bus", "en", FORM),
        ("travellers", "travel", "en", FORM),
        ("travel", "traveller", "en", FORM),
        ("worker", "work", "en", FORM),
        ("travelling", "travel", "en", SAME_LEMMA),
        ("planned", "planning", "en", SAME_LEMMA),
        ("fires", "fired", "en", SAME_LEMMA),
        ("hospital", "hospitality", "en", STRANGER),
        ("universal", "university", "en", STRANGER),
        ("universities", "universal", "en", STRANGER),
        ("general", "generation", "en", STRANGER),
        ("organ", "organisation", "en", STRANGER),
        ("police", "policy", "en", STRANGER),
        ("access", "accession", "en", STRANGER),
        ("business", "busy", "en", STRANGER),
        ("university", "universal", "en", STRANGER),
        ("больницах", "больница", "ru", FORM),
        ("беженцев", "беженец", "ru", FORM),
        ("беженец", "беженцы", "ru", FORM),
        ("военных", "военные", "ru", FORM),
        ("общественного", "общественная", "ru", FORM),
        ("делят", "делить", "ru", FORM),
        ("лечиться", "лечить", "ru", FORM),
        ("арестованных", "арестовать", "ru", FORM),
        ("заёмщиков", "заемщик", "ru", FORM),
        ("визит", "виза", "ru", STRANGER),
        ("визитами", "виза", "ru", STRANGER),
        ("данных", "Дания", "ru", STRANGER),
        ("дело", "делить", "ru", STRANGER),
        ("договориться", "договор", "ru", STRANGER),
        ("национальность", "национальный", "ru", STRANGER),
        ("медь", "медиа", "ru", STRANGER),
        ("занятости", "занятие", "ru", STRANGER),
    ],
)
def test_a_word_is_a_form_of_a_term_or_only_has_its_stem(
    typed: str, term: str, language: Language, degree: int
) -> None:
    assert closeness(typed, term, language) == degree
