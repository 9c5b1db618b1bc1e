import pytest

from index.analysis.latvian.hunspell import Lexicon, open_lexicon
from index.analysis.latvian.nominative import nominative


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return open_lexicon()


@pytest.mark.parametrize(
    ("mentioned", "shown"),
    [
        ("Zāļu valsts aģentūrai", "Zāļu valsts aģentūra"),
        ("Pievienotās vērtības nodokļa", "Pievienotās vērtības nodoklis"),
        ("Pilsonības un migrācijas lietu pārvaldē", "Pilsonības un migrācijas lietu pārvalde"),
        ("Latvijas Bankai", "Latvijas Banka"),
        ("Nacionālo veselības dienestu", "Nacionālais veselības dienests"),
        ("Elektroniskajā pieteikšanās sistēmā", "Elektroniskā pieteikšanās sistēma"),
        ("Nacionālajam veselības dienestam", "Nacionālais veselības dienests"),
    ],
)
def test_a_name_is_put_into_the_nominative(lexicon: Lexicon, mentioned: str, shown: str) -> None:
    assert nominative(mentioned, lexicon) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Valsts ieņēmumu dienests",
        "Lauku atbalsta dienests",
        "Latvijas Valsts ceļi",
        "Latvijas Valsts ceļu",  # of one road or of several
        "Nacionālā veselības dienesta",  # the adjective may belong to either noun
        "Nacionālās kultūras mantojuma pārvaldes",
        "Connecting Europe Facility",
        "Altum",
        "",
    ],
)
def test_a_nominative_or_ambiguous_name_stays(lexicon: Lexicon, name: str) -> None:
    assert nominative(name, lexicon) == name


@pytest.mark.parametrize(
    ("mentioned", "shown"),
    [
        ("bankai", "bankai"),  # a single word
        ("Latvijas bankai", "Latvijas banka"),  # in small letters
        ("Latvijas  Bankai", "Latvijas Banka"),
        ("Lauksaimniecības datu centru", "Lauksaimniecības datu centru"),  # a genitive plural?
        ("Centrālo datu centru", "Centrālais datu centrs"),
        ("Valsts akciju sabiedrībā", "Valsts akciju sabiedrība"),
        ("Centrālajai pārvaldei", "Centrālā pārvalde"),
    ],
)
def test_the_last_word_and_the_adjective_decide(lexicon: Lexicon, mentioned: str, shown: str) -> None:
    assert nominative(mentioned, lexicon) == shown
