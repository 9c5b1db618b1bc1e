"""A law's name begins where it begins, in all cases; what is no name is none."""

import pytest

from index.analysis import default_analyzer
from index.mentions.acts.laws import LAWS, find_laws
from index.mentions.annotated_text import AnnotatedText

FORMS = ("likums", "likuma", "likumam", "likumu", "likumā")


def cited(text: str) -> list[tuple[str, str]]:
    return [
        (text[law.start : law.end], law.key)
        for law in find_laws(AnnotatedText(text, "lv", default_analyzer()))
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "before", ["", "Grozījumi ", "grozījumiem ", "Saeima pieņēma ", "Saskaņā ar ", "jauno "]
)
@pytest.mark.parametrize(
    "name",
    [
        "Imigrācijas",
        "Valsts pārvaldes iekārtas",
        "Kriminālprocesa",
        "Sociālo pakalpojumu un sociālās palīdzības",
    ],
)
def test_a_listed_law_is_found_in_all_cases(before: str, name: str, form: str) -> None:
    assert cited(f"{before}{name} {form} 5. pants") == [(f"{name} {form}", f"{name} likums")]


@pytest.mark.parametrize(
    ("text", "written", "key"),
    [
        ("mainīs Krimināllikumu.", "Krimināllikumu", "Krimināllikums"),
        ("likumprojekts „Grozījumi Imigrācijas likumā” ir", "Imigrācijas likumā", "Imigrācijas likums"),
        ("likumu „Par valsts pensijām”", "likumu „Par valsts pensijām”", 'Likums "Par valsts pensijām"'),
        ('likumā "Par policiju"', 'likumā "Par policiju"', 'Likums "Par policiju"'),
        ("likumā Par policiju noteikts", "likumā Par policiju", 'Likums "Par policiju"'),
        ("pēc Satversmes 91. panta", "Satversmes", "Satversme"),
        ("Latvijas Republikas Satversmē", "Latvijas Republikas Satversmē", "Satversme"),
        ("mainot PVN likumu", "PVN likumu", "Pievienotās vērtības nodokļa likums"),
        ("Saeimas kārtības rullī", "Saeimas kārtības rullī", "Saeimas kārtības rullis"),
        ("Jūras kodeksa 5. pants", "Jūras kodeksa", "Jūras kodekss"),
        ("Imigrācijas\u00a0likuma 5. pants", "Imigrācijas\u00a0likuma", "Imigrācijas likums"),
    ],
)  # fmt: skip
def test_a_law_has_one_key(text: str, written: str, key: str) -> None:
    assert cited(text) == [(written, key)]


@pytest.mark.parametrize(
    "text",
    [
        "Jaunais likums stāsies spēkā.",
        "Šis likums attiecas uz visiem.",
        "Tieslietu ministrija atbalsta likumu.",
        "Rīgas pašvaldības atbalsta likums",
        "Nākamā gada budžeta likums",
        "Igaunijas Krimināllikuma 5. pants",
        "Satversmes tiesa lēma.",
        "Satversmes aizsardzības birojs",
        "Pēc Saeimas likuma",
        "Pērn Vācijas likumā noteica.",
        "Latvijas likumos",
        "partija „Likums un kārtība”",
        "Ņūtona likums",
    ],
)
def test_what_is_no_name_is_none(text: str) -> None:
    assert cited(text) == []


@pytest.mark.parametrize(
    ("before", "name"), [("Viņš skaidro, ka", "Kaņepju audzēšanas"), ("Rīt.", "Ārstniecisko kaņepju aprites")]
)
def test_an_unlisted_law_is_found_by_its_capital(before: str, name: str) -> None:
    assert cited(f"{before} {name} likumu mainīs.") == [(f"{name} likumu", f"{name} likums")]


def test_laws_beside_each_other_are_apart() -> None:
    text = "Grozījumi Darba likumā un Darba aizsardzības likumā, kā arī Civillikumā"
    assert [key for _, key in cited(text)] == ["Darba likums", "Darba aizsardzības likums", "Civillikums"]


def test_every_listed_name_reads_as_itself() -> None:
    rows = [line.split("\t")[0] for line in LAWS.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert len(rows) == len(set(rows))
    for name in rows:
        title = name.startswith("Par ")
        text = f"likumā „{name}” teikts" if title else f"Tā {name.replace('ikums', 'ikumā')} teikts"
        assert [key for _, key in cited(text)] == [f'Likums "{name}"' if title else name]


def test_a_name_begins_with_its_paragraph() -> None:
    assert [key for _, key in cited("Tā bija.\n\nIzglītības likuma grozījumi")] == ["Izglītības likums"]


def test_a_name_may_go_on_after_the_word() -> None:
    text = "soda saskaņā ar Likumu par budžetu un finanšu vadību"
    assert cited(text) == [("Likumu par budžetu un finanšu vadību", "Likums par budžetu un finanšu vadību")]
