"""Credits and notices are recognised, sentences that begin like them are not."""

import pytest

from crawler.extraction.fields.imprint import ends_in_credit, is_credit, is_translation_notice


@pytest.mark.parametrize(
    "text",
    [
        "Foto: Rīgas dome / Jānis Ozols, 2024. gads",
        "Foto: Jānis Bērziņš, IeM",
        "FOTO: Valsts robežsardze",
        "Foto: Valsts policija",
        "Foto: VUGD arhīvs. Dūmu detektora pārbaude.",
        "Foto: Ilva Paraudziņa, Ārlietu ministrija. Balsojums Ņujorkā.",
        "Foto: Nacionālā kultūras mantojuma pārvalde",
        "Foto: no personīgā arhīva",
        "Foto: publicitātes",
        "Publicitātes foto: Rīgas dome",
        "Foto © A. Ozols/LETA",
        "Foto: shutterstock.com",
        "Foto: Gatis Dieziņš (Aizsardzības ministrija)",
        "Foto: Gatis Paraugs, Aizsardzības ministrija",
        "FOTO: Publicitātes foto, Jānis Paraugs",
        "Photo: Embassy of Latvia in Ireland",
        "Attēls: Eiropas Komisija",
        "Фото: Министерство иностранных дел",
        "Foto: LR Saeima, Ieva Ābele",
        "Foto: Nacionālie bruņotie spēki",
        "Foto: fotogrāfs Jānis Ozols",
        "Foto autors: Jānis Ozols",
        "Foto: Jānis Ozols un Anna Liepa",
        "Foto: Valsts kanceleja, 12.03.2024.",
        "Foto: VAS “Latvijas Valsts ceļi”",
        "Foto no Valsts policijas arhīva",
        "Photo by Jānis Ozols",
        "Photo: VDD",
        "Photos: State Chancellery",
        "Photo courtesy of NATO",
        "Photo: Gatis Dieziņš, Ministry of Defence of Latvia",
        "Photo: European Union, 2024",
        "Video: LETA",
        "Video: Valsts policija",
        "Attēls: pixabay.com",
        "Attēli: Dabas aizsardzības pārvalde",
        "Фото: Янис Озолс",
        "Фото: пресс-служба МВД",
        "Фото: архив музея",
        "Фото: Посольство Латвии в Литве",
        "Foto: @valstspolicija",
        "Foto: J.Ozols",
        "Foto/Jānis Ozols",
    ],
)
def test_credit_is_recognised(text: str) -> None:
    assert is_credit(text)
    assert ends_in_credit(f"Reida dalībnieki. {text}")


@pytest.mark.parametrize(
    "text",
    [
        "Foto: Mākslas muzejā atklāj jaunu izstādi.",
        "FOTO: Valsts prezidents viesojas Latgalē",
        "FOTO: VALSTS PREZIDENTS VIESOJAS LATGALĒ",
        "Foto: policisti šonedēļ sāka reidus, kuros pārbaudīs autovadītājus.",
        "Foto: Policisti šonedēļ sāka reidus.",
        "Foto: Valsts policija šonedēļ sāka reidus Rīgā.",
        "Foto: Valsts policija kontrolē satiksmi",
        "Foto: Ugunsdzēsības dienests apmeklē skolas Rīgā.",
        "Foto: ministrs tikās ar Igaunijas kolēģi",
        "Foto: Rīgā notika sanāksme par robežu drošību",
        "Foto: ugunsdzēsēji glābj cilvēkus no degošas ēkas Jelgavā un evakuē kaimiņus no blakus mājām",
        "Foto: konkursa uzvarētāju darbi, kas apskatāmi ministrijā",
        "Photo: the minister met border guards yesterday",
        "Фото: министр был в Даугавпилсе",
        "Fotogrāfija kā pierādījums: policija skaidro",
        "Foto: Jūrmalā atklāta jauna skola",
        "Foto: Latgalē viesojas ministrija",
        "Foto: Rīgā tiekas Eiropas Komisija",
        "Foto: Policisti Rīgā",
        "Foto: Sākas Baltijas Asambleja",
        "Foto: Notiek Saeimas Sēde",
        "Video: Ministrs atklāj konferenci",
        "Video: ministres uzruna Saeimā",
        "Video: Valsts prezidents sveic iedzīvotājus svētkos",
        "Attēls: Mākslas muzejs aicina uz izstādi",
        "Attēli: Muzeju naktī Rīgā un Liepājā",
        "Photo: President visits Latgale",
        "Photo: Ministry hosts conference on security",
        "Photo: Embassy opens in Dublin",
        "Фото: Министерство открывает выставку",
        "Фото: Президент посетил Латгалию",
        "Фото: Музей приглашает гостей",
        "Foto: Jaunā tilta atklāšana",
        "Foto: Rīgas dome piešķir finansējumu",
        "Foto: skolēni iestāda ozolus",
        "Foto no pasākuma Rīgā",
        "Video: Kā pieteikties pabalstam",
        "Foto: Ministru prezidente un Saeimas priekšsēdētāja atklāj pieminekli",
    ],
)
def test_sentence_that_begins_like_a_credit_is_not_one(text: str) -> None:
    assert not is_credit(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Foto: Jānis Ozols. Attēlā" + " vārds" * 21, True),
        ("Foto: Jānis Ozols. Attēlā" + " vārds" * 22, False),
        ("Foto: Jānis Ozols" + ", Anna Liepa" * 5, True),
        ("Foto: Jānis Ozols" + ", Anna Liepa" * 5 + ", LETA", False),
        ("Foto: Anna Marija Ozola Liepa", True),
        ("Foto: Anna Marija Ozola Liepa Kalna", False),
        (f"Foto: VAS “{'a' * 60}”", True),
        (f"Foto: VAS “{'a' * 61}”", False),
        ("Foto: fotogrāfs\t, LETA", False),
        ("Foto: 2024. gads", False),
        ("Foto: BALSOJUMS", True),
        ("Foto: SEIMA BALSO", False),
        ("Foto: Ozols Bija", False),
    ],
)
def test_a_credit_is_short_and_names_someone(text: str, is_one: bool) -> None:
    assert is_credit(text) == is_one
    assert ends_in_credit(f"— {text}") == (is_one and len(text.split()) < 25)


@pytest.mark.parametrize(
    "text", ["Reida dalībnieki", "Reida dalībnieki. Foto: Policisti Rīgā", "Ozols: foto"]
)
def test_what_ends_without_a_credit_has_none(text: str) -> None:
    assert not ends_in_credit(text)


NOTICE = "Šī lapa ir tulkota automātiski"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (NOTICE, True),
        (NOTICE + " un" * 15, True),
        (NOTICE + " un" * 16, False),
        (NOTICE + "." * (400 - len(NOTICE)), True),
        (NOTICE + "." * (401 - len(NOTICE)), False),
        (NOTICE + " Rīga", True),
        (NOTICE + " Rīga Daugava", False),
        ("Mašīntulkošana: hugo.lv", True),
        ("Tulkošana: hugo.lv", True),
        ("Mašīntulkošana: Rīga", False),
        ("Šī lapa ir tulkota", False),
        ("Automātiski", False),
    ],
)
def test_a_notice_says_that_a_machine_translated_and_little_else(text: str, is_one: bool) -> None:
    assert is_translation_notice(text) == is_one


@pytest.mark.parametrize("text", ["translated by machine " * 20_000, "Foto: " + "a" * 500_000])
def test_long_line_is_neither(text: str) -> None:
    assert not is_translation_notice(text)
    assert not is_credit(text + " sāka")
