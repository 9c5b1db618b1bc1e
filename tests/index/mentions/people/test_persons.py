"""People are found with every form of their names, and with the offices beside them."""

import pytest

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.persons import read_people
from index.mentions.records import Person


def persons(text: str, language: Language = "lv") -> tuple[Person, ...]:
    return read_people(AnnotatedText(text, language, default_analyzer())).persons


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tikās Rihards Kozlovskis un Ilze Pētersone-Godmane.",
         ["Rihards Kozlovskis", "Ilze Pētersone-Godmane"]),
        ("Balvu pasniedza Agrai Lepzarei un Jānim Eglītim.", ["Agra Lepzare", "Jānis Eglītis"]),
        ("Atbalsts Mārtiņam Lācim no Zigurda Neimaņa.", ["Mārtiņš Lācis", "Zigurds Neimanis"]),
        ("Saruna ar Kristapu Liepu, Edgaru Goldmani un Viktoriju Kalniņu.",
         ["Kristaps Liepa", "Edgars Goldmanis", "Viktorija Kalniņa"]),
        # Only the office tells a woman's nominative from a man's genitive.
        ("Runāja ministre Gunta Bērziņa.", ["Gunta Bērziņa"]),
        ("Tas ir ministra Gunta Bērziņa lēmums.", ["Guntis Bērziņš"]),
        ("Atbildi gaida no Andra Vilka.", ["Andris Vilks"]),
        # A name that is known as a man's may be a woman's, as the word beside it says.
        ("Runāja ministre Kaspara Ozola.", ["Kaspara Ozola"]),
        ("Runāja dzejniece Kaspara Ozola.", ["Kaspara Ozola"]),
        ("Runāja Kaspara Ozola.", ["Kaspars Ozols"]),
        ("Sēdi vadīja Urzula fon der Leiena un Anna Marija Ozola.",
         ["Urzula fon der Leiena", "Anna Marija Ozola"]),
        ("Igaunijas premjers Ensiks Loberts ieradās Rīgā.", ["Ensiks Loberts"]),
        ("Ensiks Loberts ieradās Rīgā.", []),
        ("Ieradās veselības ministrs Hosams Abu Meri.", ["Hosams Abu Meri"]),
        ("Ieradās Anna un Jānis Kalniņi.", []),
        ("Balva Annai un Jānim Kalniņiem.", []),
        ("Runās R. Kozlovskis.", ["R. Kozlovskis"]),
        ("JURIS KAŽA", ["Juris Kaža"]),
        ("Māja Krišjāņa Valdemāra ielā un Jāņa Čakstes laukumā.", []),
        ("Strādā Paula Stradiņa Klīniskajā universitātes slimnīcā.", []),
        ("Jāņa Endzelīna piemiņas stipendija un Kārļa Ulmaņa gatve.", []),
        ("Kuģis „Krišjānis Valdemārs” un SIA „Jānis Roze” piedalās.", []),
        ("Latvijas Banka un Eiropas Savienība vienojās Rīgas pilī.", []),
    ],
)  # fmt: skip
def test_full_names_are_put_into_the_nominative(text: str, names: list[str]) -> None:
    assert [person.name for person in persons(text)] == names


def test_a_surname_alone_belongs_to_the_full_name_before_it() -> None:
    text = "Kozlovskis nerunāja. Runāja Rihards Kozlovskis. R. Kozlovska un Kozlovskim teikto apstiprināja."
    (person,) = persons(text)
    assert [text[start:end] for start, end in person.forms] == [
        "Rihards Kozlovskis", "R. Kozlovska", "Kozlovskim",
    ]  # fmt: skip


def test_a_surname_within_a_name_is_no_place_of_its_own() -> None:
    text = "Ieradās Rihards Kozlovskis. Runāja R. Kozlovskis. Klausījās Rihards Kozlovskis, ne Kozlovskis."
    (person,) = persons(text)
    assert [text[start:end] for start, end in person.forms] == [
        "Rihards Kozlovskis", "R. Kozlovskis", "Rihards Kozlovskis", "Kozlovskis",
    ]  # fmt: skip


def test_a_surname_of_two_people_belongs_to_neither() -> None:
    text = "Ieradās Jānis Ozols un Pēteris Ozols. Ozols runāja, P. Ozols klausījās."
    assert [len(person.forms) for person in persons(text)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "written", "office"),
    [
        ("Norāda iekšlietu ministrs Rihards Kozlovskis.", "iekšlietu ministrs", "iekšlietu ministrs"),
        ("Tikās ar vides aizsardzības un reģionālās attīstības ministri Ilzi Ozolu.",
         "vides aizsardzības un reģionālās attīstības ministri",
         "vides aizsardzības un reģionālās attīstības ministre"),
        ("Ieradās Ilze Ozola, Valsts policijas priekšniece, un citi.",
         "Valsts policijas priekšniece", "valsts policijas priekšniece"),
        ("Vada Ilze Ozola – departamenta direktore.", "departamenta direktore", "departamenta direktore"),
        ("To sola VUGD priekšnieka vietniece Ilze Ozola.",
         "VUGD priekšnieka vietniece", "vugd priekšnieka vietniece"),
        ("Jautā Saeimas deputātam Jānim Ozolam.", "Saeimas deputātam", "saeimas deputāts"),
        ("Savukārt stāsta galvenā speciāliste Ilze Ozola.", "galvenā speciāliste", "galvenā speciāliste"),
        ("Dots parlamentārajam sekretāram Jānim Ozolam.",
         "parlamentārajam sekretāram", "parlamentārais sekretārs"),
        ("Raksta Nodarbinātības valsts aģentūras (NVA) direktore Ilze Ozola.",
         "Nodarbinātības valsts aģentūras (NVA) direktore", "nodarbinātības valsts aģentūras direktore"),
        ("Runā bijušais ministrs Jānis Ozols.", "bijušais ministrs", "bijušais ministrs"),
        ("Uzrunu teica SIA „Meži” valdes loceklis Jānis Ozols.",
         "SIA „Meži” valdes loceklis", "sia „meži” valdes loceklis"),
        ("Teic vietniece audzināšanas darbā Ilze Ozola.",
         "vietniece audzināšanas darbā", "vietniece audzināšanas darbā"),
        ("Runā Valsts robežsardzes priekšnieks ģenerālis Jānis Ozols.",
         "Valsts robežsardzes priekšnieks", "valsts robežsardzes priekšnieks"),
    ],
)  # fmt: skip
def test_the_office_beside_a_name_is_a_role(text: str, written: str, office: str) -> None:
    (person,) = persons(text)
    (role,) = person.roles
    assert (role.written, role.office) == (written, office)
    assert text[role.start : role.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "Automašīnas vadītājs Jānis Ozols cieta.",
        "Ministrs tikās ar Jāni Ozolu.",
        "Ieradās Jānis Ozols, ministre Ilze Kalna runāja.",
    ],
)
def test_the_office_of_another_is_no_role(text: str) -> None:
    assert next(person for person in persons(text) if person.name == "Jānis Ozols").roles == ()


@pytest.mark.parametrize(
    ("language", "text", "name", "office"),
    [
        ("en", "The Minister of Defence, Jānis Ozols, spoke.", "Jānis Ozols", "minister of defence"),
        ("en", "Deputy State Secretary Ilze Ozola agreed.", "Ilze Ozola", "deputy state secretary"),
        ("en", "We met Sarah van Houten, Head of the Project Office, today.",
         "Sarah van Houten", "head of the project office"),
        ("ru", "Это сказал министр внутренних дел Янис Озолс.", "Янис Озолс", "министр внутренних дел"),
        ("ru", "Директор Департамента Европейского союза Илзе Озола согласилась.",
         "Илзе Озола", "директор департамента европейского союза"),
        ("ru", "Пришла Илзе Озола, заместитель директора Службы доходов.",
         "Илзе Озола", "заместитель директора службы доходов"),
    ],
)  # fmt: skip
def test_people_of_english_and_russian_texts_have_offices(
    language: Language, text: str, name: str, office: str
) -> None:
    assert [(found.name, found.roles[0].office) for found in persons(text, language)] == [(name, office)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Walter Zapp Prize and the Rainis Museum."),
        ("en", "The Foreign Affairs Committee met Northern Ireland."),
        ("ru", "Министр встретился с Янисом Озолсом на улице Кришьяниса Валдемара."),
    ],
)
def test_what_is_not_plain_in_other_languages_is_left_out(language: Language, text: str) -> None:
    assert persons(text, language) == ()
