"""What is said is found with its speaker, byte for byte; what is not said is not."""

import pytest

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.persons import read_people
from index.mentions.records import Statement
from index.mentions.speech.statements import find_statements

NAMED = "Sēdē piedalījās iekšlietu ministre Ilze Ozola. "


def statements(text: str, language: Language = "lv") -> tuple[Statement, ...]:
    annotated = AnnotatedText(text, language, default_analyzer())
    return find_statements(annotated, read_people(annotated))


@pytest.mark.parametrize(
    ("text", "speaker", "office", "verb", "direct"),
    [
        ("„Darbu turpināsim,” uzsver iekšlietu ministre Ilze Ozola.",
         "Ilze Ozola", "iekšlietu ministre", "uzsvērt", True),
        ("\"Darbu turpināsim,\" otrdien pēc sēdes sacīja Ilze Ozola.", "Ilze Ozola", None, "sacīt", True),
        ("«Darbu turpināsim,» Ilze Ozola piebilda.", "Ilze Ozola", None, "piebilst", True),
        ("– Darbu turpināsim, – saka ministre Ilze Ozola.", "Ilze Ozola", "ministre", "sacīt", True),
        ("„Darbu turpināsim,” jokoja direktors Jānis Kalns.", "Jānis Kalns", "direktors", "jokot", True),
        ("Ministre Ilze Ozola: „Darbu turpināsim.”", "Ilze Ozola", "ministre", "", True),
        ("Ministre Ilze Ozola norāda: „Būs labi”.", "Ilze Ozola", "ministre", "norādīt", True),
        ("„Darbu turpināsim,” tā direktors Jānis Kalns.", "Jānis Kalns", "direktors", "", True),
        ("Ministre Ilze Ozola norāda, ka darbs turpināsies.", "Ilze Ozola", "ministre", "norādīt", False),
        ("Ministre Ilze Ozola, atklājot forumu, norādīja, ka sāks darbu.",
         "Ilze Ozola", "ministre", "norādīt", False),
        ("Ilze Ozola, Valsts kancelejas direktore, skaidroja, ka sāks darbu.",
         "Ilze Ozola", "valsts kancelejas direktore", "skaidrot", False),
        ("Kā stāsta ministre Ilze Ozola, darbs turpināsies.", "Ilze Ozola", "ministre", "stāstīt", False),
        ("Darbs turpināsies, uzskata ministre Ilze Ozola.", "Ilze Ozola", "ministre", "uzskatīt", False),
        ("Pēc ministra Jāņa Kalna teiktā, darbs turpināsies.", "Jānis Kalns", "ministrs", "teikt", False),
        ("Pārmaiņas atbalsta ministrs Jānis Kalns, norādot, ka tās ir vajadzīgas.",
         "Jānis Kalns", "ministrs", "norādīt", False),
        ("Iekšlietu ministre uzsvēra, ka darbs turpināsies.", None, "iekšlietu ministre", "uzsvērt", False),
        ("To sola ministra padomnieks, kurš paziņoja, ka sāks darbu. Direktors piebilda, ka tas ir labi.",
         None, "direktors", "piebilst", False),
    ],
)  # fmt: skip
def test_a_statement_has_its_speaker(
    text: str, speaker: str | None, office: str | None, verb: str, direct: bool
) -> None:
    said = statements(text)[-1]
    assert (said.speaker, said.office, said.verb, said.direct) == (speaker, office, verb, direct)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Sākas darbs. „Ceļš ir grūts. Mēs to ejam,” teica Ilze Ozola. Un tad?",
         ["„Ceļš ir grūts. Mēs to ejam,” teica Ilze Ozola."]),
        ("Ilze Ozola saka: „Ceļš ir grūts. Mēs to ejam.” Darbs sākas.",
         ["Ilze Ozola saka: „Ceļš ir grūts. Mēs to ejam.”"]),
        ("„Ceļš ir grūts,” teica Ilze Ozola. „Mēs to ejam.” Darbs sākas.",
         ["„Ceļš ir grūts,” teica Ilze Ozola. „Mēs to ejam.”"]),
        ("„Ceļš ir grūts.\n\n„Bet mēs to ejam,” teica Ilze Ozola.",
         ["„Ceļš ir grūts.\n\n„Bet mēs to ejam,” teica Ilze Ozola."]),
        ("„Ceļš ir grūts,” teica Ilze Ozola.\n\n„Mēs to ejam. Viens un divi.”\n\nDarbs sākas.",
         ["„Ceļš ir grūts,” teica Ilze Ozola.\n\n„Mēs to ejam. Viens un divi.”"]),
        ("„Ceļš ir grūts,” teica Ilze Ozola. „Mēs to ejam,” piebilda Jānis Kalns.",
         ["„Ceļš ir grūts,” teica Ilze Ozola.", "„Mēs to ejam,” piebilda Jānis Kalns."]),
        ("– Kas maksās? – jautāja Ilze Ozola.", ["– Kas maksās? – jautāja Ilze Ozola."]),
        ("Runāja Dz. Ozola. Norāda Dz. Ozola, ka sāks.", ["Norāda Dz. Ozola, ka sāks."]),
    ],
)  # fmt: skip
def test_the_sentences_of_a_statement_are_exact(text: str, spans: list[str]) -> None:
    assert [text[said.start : said.end] for said in statements(text)] == spans


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (f"{NAMED}Ministre norāda, ka darbs turpināsies.", "Ilze Ozola"),
        (f"{NAMED}Ozola norāda, ka darbs turpināsies.", "Ilze Ozola"),
        (f"{NAMED}I. Ozola norāda, ka darbs turpināsies.", "Ilze Ozola"),
        (f"{NAMED}Viņa norāda, ka darbs turpināsies.", "Ilze Ozola"),
        (f"{NAMED}Pēc viņas teiktā, darbs turpināsies.", "Ilze Ozola"),
        (f"{NAMED}Viņš norāda, ka darbs turpināsies.", None),
        (f"{NAMED}Ministrs norāda, ka darbs turpināsies.", None),
        (f"{NAMED}Klāt bija ministre Anna Kalna. Ministre norāda, ka sāks.", None),
        (f"{NAMED}Klāt bija ministre Anna Kalna un Ilze Ozola. Viņa norāda, ka sāks.", None),
        (f"{NAMED}Klāt bija Igaunijas ministre Anna Kalna. Ministre norāda, ka sāks.", "Ilze Ozola"),
        ("Ieradās Ministru prezidente Ilze Ozola. Premjere norāda, ka sāks.", "Ilze Ozola"),
    ],
)
def test_an_office_or_a_pronoun_is_tied_only_to_the_one_it_can_mean(text: str, speaker: str | None) -> None:
    assert [said.speaker for said in statements(text) if said.speaker] == ([speaker] if speaker else [])


@pytest.mark.parametrize(
    ("held", "spoken"),
    [("Iekšlietu ministrijas valsts sekretāre", "Valsts sekretāre"),
     ("valsts sekretāre", "Iekšlietu ministrijas valsts sekretāre")],
)  # fmt: skip
def test_an_office_is_in_full_if_it_is_so_anywhere(held: str, spoken: str) -> None:
    (said,) = statements(f"Klāt bija {held} Ilze Ozola. {spoken} norāda, ka sāks.")
    assert (said.speaker, said.office) == ("Ilze Ozola", "iekšlietu ministrijas valsts sekretāre")


@pytest.mark.parametrize(
    "text",
    [
        "Ministre Ilze Ozola nekomentēja, ka darbs turpināsies.",
        "Ministre Ilze Ozola neteica, ka darbs turpināsies.",
        "Ministre Ilze Ozola nav teikusi, ka darbs turpināsies.",
        "Ja ministre Ilze Ozola norāda, ka darbs turpināsies, sāksim.",
        "Vai ministre Ilze Ozola norādīja, ka darbs turpināsies?",
        "Ministre Ilze Ozola varētu norādīt, ka darbs turpināsies.",
        "Ministrija norāda, ka ministre Ilze Ozola piedalīsies sēdē.",
        "Ministre Ilze Ozola atzina darbu par labu.",
        f"{NAMED}Klāt bija direktors Jānis Kalns. Filma stāsta par Jāni Kalnu un viņa ģimeni.",
        "Likums nosaka, ka ministre Ilze Ozola atbild par budžetu.",
        # Testimony is no public statement.
        "Aizdomās turētais Jānis Kalns paskaidroja, ka neko nav darījis.",
        "Jānis Kalns policistiem stāstīja, ka neko nav darījis.",
        "Jānis Kalns, kurš tiek turēts aizdomās, apgalvoja, ka neko nav darījis.",
        "Ministre Ilze Ozola ieradās skolā, kurā skolēni stāstīja, ka mācās.",
    ],
)
def test_what_nobody_said_is_no_statement(text: str) -> None:
    assert statements(text) == ()


MINISTER = {
    "en": "The Minister of Defence, Jānis Ozols, spoke. ",
    "ru": "Выступил министр обороны Янис Озолс. ",
}


@pytest.mark.parametrize(
    ("language", "text", "verb", "direct"),
    [
        ("en", "“We will go on,” Ozols said.", "say", True),
        ("en", "“We will go on,” said the Minister.", "say", True),
        ("en", "The Minister stressed that work will go on.", "stress", False),
        ("en", "He added that work will go on.", "add", False),
        ("en", "According to Ozols, work will go on.", "say", False),
        ("ru", "«Мы продолжим», – сказал Озолс.", "сказать", True),
        ("ru", "Министр подчеркнул, что работа продолжится.", "подчеркнуть", False),
        ("ru", "Он добавил, что работа продолжится.", "добавить", False),
    ],
)
def test_statements_in_other_languages(language: Language, text: str, verb: str, direct: bool) -> None:
    whole = MINISTER[language] + text
    (said,) = statements(whole, language)
    assert said.speaker in ("Jānis Ozols", "Янис Озолс")
    assert (said.verb, said.direct, whole[said.start : said.end]) == (verb, direct, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Minister did not say that work will go on."),
        ("en", "If the Minister said so, work would go on."),
        ("en", "The Ministry stated that work will go on."),
        ("ru", "Министр не сказал, что работа продолжится."),
        ("ru", "Если министр сказал правду, работа продолжится."),
    ],
)
def test_what_nobody_said_in_other_languages_is_no_statement(language: Language, text: str) -> None:
    assert statements(MINISTER[language] + text, language) == ()


def test_two_who_speak_together_both_say_it() -> None:
    said = statements("Ministre Ilze Ozola un direktors Jānis Kalns norādīja, ka sāks darbu.")
    assert [(each.speaker, each.office) for each in said] == [
        ("Ilze Ozola", "ministre"), ("Jānis Kalns", "direktors"),
    ]  # fmt: skip
