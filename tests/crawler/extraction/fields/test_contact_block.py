# ruff: noqa: E501 (a paragraph is one line)
"""Contact blocks are found in any place and spelling; text stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.fields.contact_block import split_contacts

B1 = "Ministru kabinets otrdien apstiprināja noteikumus, kas nosaka jaunu kārtību pabalstu piešķiršanai visā valstī."
B2 = "Noteikumi stāsies spēkā nākamajā mēnesī, un tos varēs piemērot arī pašvaldības."
E1 = "On Wednesday the Saeima adopted the State Defence Service Law in its final reading after a long debate."
R1 = "Министерство внутренних дел сообщает, что новые правила вступят в силу в следующем месяце по всей стране."
KEPT = [
    (
        [
            B1,
            B2,
            "Sagatavoja: Anna Ozola, Iekšlietu ministrijas preses sekretāre, tālr. 67000000, e-pasts: anna.ozola@iem.gov.lv",
        ],
        [B1, B2],
    ),
    (
        [
            B1,
            B2,
            "Sagatavoja:",
            "Anna Ozola",
            "Iekšlietu ministrijas",
            "Preses nodaļas vadītāja",
            "Tālr.: 67000000, mob.: 20000000",
            "E-pasts: a.ozola@iem.gov.lv",
        ],
        [B1, B2],
    ),
    ([B1, B2, "Informāciju sagatavoja\nAnna Ozola\nKomunikācijas departaments\n67000000"], [B1, B2]),
    (
        [
            B1,
            B2,
            "Informāciju sagatavoja:",
            "Anna Ozola,",
            "Sabiedrisko attiecību speciāliste,",
            "tālr.: +371 67000000;",
            "e-pasts: a@b.gov.lv",
        ],
        [B1, B2],
    ),
    (
        [
            B1,
            B2,
            "Papildu informācija:",
            "Anna Ozola, Veselības ministrijas Komunikācijas nodaļas vadītāja",
            "Tālr. 67 000 000",
            "prese@vm.gov.lv",
        ],
        [B1, B2],
    ),
    ([B1, B2, "Papildu informācija: www.vm.gov.lv"], [B1, B2, "Papildu informācija: www.vm.gov.lv"]),
    ([B1, "Papildu informācija:", B2], [B1, "Papildu informācija:", B2]),
    ([E1, "Prepared by: Anna Ozola, Press Officer"], [E1]),
    ([E1, "Prepared by: Anna Ozola, press officer of the Ministry of the Interior"], [E1]),
    ([E1, "Prepered by: Communication Unit"], [E1]),
    (["Information prepared by", "Military Public Affairs Department", E1], [E1]),
    (["Information prepared by Military Public Affairs Department", E1], [E1]),
    (
        [
            "Information prepared by\nMilitary Public Affairs Department\nMinistry of Defence\nPh: 67000000",
            E1,
        ],
        [E1],
    ),
    ([E1, "Information prepared by VDD"], [E1]),
    (
        [
            E1,
            "Jānis Bērziņš, Head of the Press Department, Phone: +371 67000000, Mobile: +371 20000000, E-mail: j.b@mk.gov.lv",
        ],
        [E1],
    ),
    (
        [
            E1,
            "Jānis Bērziņš",
            "Head of the Press Department",
            "State Chancellery",
            "Phone: 67000000",
            "Mobile: 20000000",
            "E-mail: j.b@mk.gov.lv",
        ],
        [E1],
    ),
    (
        [
            R1,
            "Информацию подготовила:",
            "Анна Озола",
            "руководитель пресс-службы",
            "Тел.: 67000000",
            "Эл. почта: a@iem.gov.lv",
        ],
        [R1],
    ),
    ([R1, "Подготовила: Анна Озола, пресс-секретарь, тел. 67000000"], [R1]),
    ([R1, "Контактная информация: Анна Озола, тел. +371 67000000"], [R1]),
    ([R1, "Дополнительная информация: Анна Озола, советник министра, моб. 20000000"], [R1]),
    (
        [
            B1,
            "Informāciju sagatavoja eksperti no trim valstīm, un tā tika iesniegta ministrijai jau pagājušajā nedēļā, lai valdība varētu lemt.",
            B2,
        ],
        [
            B1,
            "Informāciju sagatavoja eksperti no trim valstīm, un tā tika iesniegta ministrijai jau pagājušajā nedēļā, lai valdība varētu lemt.",
            B2,
        ],
    ),
    (
        [E1, "Prepared by experts from three countries, the report describes how to live without a budget."],
        [E1, "Prepared by experts from three countries, the report describes how to live without a budget."],
    ),
    (
        [B1, "Pieteikties var, zvanot pa tālruni 67219363 vai rakstot uz e-pastu info@iem.gov.lv.", B2],
        [B1, "Pieteikties var, zvanot pa tālruni 67219363 vai rakstot uz e-pastu info@iem.gov.lv.", B2],
    ),
    ([B1, "Kontakti", B2], [B1, "Kontakti", B2]),
    ([B1, B2, "Kontaktpersona: Anna Ozola, 67000000, anna@zm.gov.lv"], [B1, B2]),
    ([B1, B2, "Saziņai:", "Anna Ozola", "67000000"], [B1, B2]),
    (
        [
            B1,
            B2,
            "*Informāciju sagatavoja Anna Ozola, LM Komunikācijas nodaļas sabiedrisko attiecību speciāliste, tālr. 67000000",
        ],
        [B1, B2],
    ),
    (["Sagatavoja: Ekonomikas ministrijas Preses nodaļa", B1, B2], [B1, B2]),
    (
        ["Sagatavoja:", "Anna Ozola", "Ekonomikas ministrijas preses sekretāre", "Tālr.: 67000000", B1, B2],
        [B1, B2],
    ),
    ([B1, B2, "Informāciju sagatavja: Anna Ozola, speciāliste"], [B1, B2]),
    (
        [
            B1,
            B2,
            "Informācija medijiem:",
            "Anna Ozola",
            "Zemkopības ministrijas",
            "Sabiedrisko attiecību nodaļas vadītāja",
            "Tālrunis: 67000000",
            "Mobilais tālrunis: 20000000",
        ],
        [B1, B2],
    ),
    (
        [B1, "Secinājumi", "Ministrija gatavo plānu.", "Sagatavoja: Anna Ozola"],
        [B1, "Secinājumi", "Ministrija gatavo plānu."],
    ),
    (
        [
            B1,
            B2,
            "Anna Ozola, Tieslietu ministrijas preses sekretāre",
            "tālr. 67000000",
            "anna.ozola@tm.gov.lv",
        ],
        [B1, B2],
    ),
    (
        [B1, "Uzticības tālrunis 116006 darbojas visu diennakti.", B2],
        [B1, "Uzticības tālrunis 116006 darbojas visu diennakti.", B2],
    ),
    (
        ["Information prepared by", "Military Public Affairs Department", "Riga summit", E1],
        ["Riga summit", E1],
    ),
    (
        [E1, "For further information, please contact:", "Anna Ozola", "Press Officer", "Tel: +371 67000000"],
        [E1],
    ),
    ([E1, "Contacts for media:", "Anna Ozola, spokesperson, +371 20000000, anna@mod.gov.lv"], [E1]),
    (
        [E1, "More information is available on the website of the Ministry."],
        [E1, "More information is available on the website of the Ministry."],
    ),
    (
        [B1, "Vairāk informācijas:", "Anna Ozola", "LIAA Komunikācijas nodaļa", "E-pasts: anna@liaa.gov.lv"],
        [B1],
    ),
    (
        [B1, "Vairāk informācijas: https://www.liaa.gov.lv/lv/programmas"],
        [B1, "Vairāk informācijas: https://www.liaa.gov.lv/lv/programmas"],
    ),
    (
        [
            B1,
            "Kontaktinformācija medijiem:\nPārresoru koordinācijas centrs\nTālr.: 67000000\nprese@pkc.mk.gov.lv",
            B2,
        ],
        [B1, B2],
    ),
    ([B1, "Informāciju sagatavoja: VUGD Prevencijas un sabiedrības informēšanas nodaļa"], [B1]),
    ([B1, "Ziņu sagatavoja Valsts robežsardze"], [B1]),
    ([B1, "Informāciju sagatavojusi Anna Ozola, preses sekretāre."], [B1]),
    ([B1, "Mediju kontaktpersona: Anna Ozola, tel. (+371) 67000000"], [B1]),
    ([B1, "Autors: Anna Ozola, VID Sabiedrisko attiecību daļa, tālr. 67000000"], [B1]),
    ([B1, "Kontakttālrunis: 67000000"], [B1]),
    ([E1, "Press office: +371 67000000, press@mfa.gov.lv"], [E1]),
    (
        [
            B1,
            "Lai iegūtu papildu informāciju, lūdzam sazināties ar Annu Ozolu, tālr. 67000000, e-pasts a@b.lv.",
        ],
        [B1],
    ),
    ([B1, "Informācijas sagatavotājs: Anna Ozola, tālr. 67000000"], [B1]),
    ([B1, "Par saturu atbildīgā: Anna Ozola, tālr.: 67000000"], [B1]),
]


@pytest.mark.parametrize(("paragraphs", "text"), KEPT, ids=[row[0][-1][:60] for row in KEPT])
def test_contact_lines_are_separated(paragraphs: list[str], text: list[str]) -> None:
    assert list(split_contacts(paragraphs).body) == text


@pytest.mark.parametrize(("paragraphs", "text"), KEPT, ids=[row[0][-1][:60] for row in KEPT])
def test_every_line_is_kept(paragraphs: list[str], text: list[str]) -> None:
    parts = split_contacts(paragraphs)
    lines = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    kept = [line for paragraph in parts.body for line in paragraph.split("\n")]
    assert sorted(kept + list(parts.contact)) == sorted(lines)


@settings(max_examples=30)
@given(st.lists(st.text(max_size=80), max_size=12))
def test_splitting_accepts_any_paragraphs(paragraphs: list[str]) -> None:
    parts = split_contacts(paragraphs)
    assert len(parts.body) <= len(paragraphs)


ADDRESSES = [
    f"anna.ozola{at}iem{dot}gov{dot}lv"
    for at in (
        "@",
        " @ ",
        " [at] ",
        "[at]",
        "(at)",
        " (at) ",
        "{at}",
        " <at> ",
        "(pie)",
        " [@] ",
        "＠",
        " (ät) ",
    )
    for dot in (".", " [dot] ", "[dot]", "(dot)", " (punkts) ", "{dot}", " dot ", " (.) ")
] + [
    "anna [dot] ozola [at] iem [dot] gov [dot] lv",
    "anna.ozola at iem dot gov dot lv",
    "anna.ozola pie iem punkts gov punkts lv",
    "ANNA.OZOLA [AT] IEM [DOT] GOV [DOT] LV",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_spelt_out_address_is_a_contact(address: str) -> None:
    assert split_contacts([B1, "Anna Ozola", address, B2]).body == (B1, B2)


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister will speak at home dot in hand, as they say.",
        "Ministrs viesojās pie robežsargiem. Gov.lv ir valsts domēns.",
        "Meeting at iem.gov.lv headquarters was useful for all who came to it.",
    ],
)
def test_sentence_with_at_and_dot_is_not_a_contact(sentence: str) -> None:
    assert split_contacts([B1, sentence, B2]).body == (B1, sentence, B2)


@pytest.mark.parametrize(("chars", "is_read"), [(1_000, True), (1_001, False)])
def test_a_line_longer_than_any_contact_is_not_read_as_one(chars: int, *, is_read: bool) -> None:
    """It stays in the text whatever it begins with: reading it would take long."""
    line = "Sagatavoja: Anna Ozola, tālr. 67000000".ljust(chars - 1) + "x"
    split = split_contacts([B1, line])
    assert (line in split.contact) is is_read


# --- Bounds: how many of the lines are contacts ---

DETAIL, OFFICE = "Tālr.: 67000000", "Preses nodaļa"


def words(count: int) -> str:
    return " ".join(["vārds"] * count)


@pytest.mark.parametrize(
    ("lines", "contacts"),
    [
        # After an opening, up to twelve lines.
        (["Sagatavoja:", *[OFFICE] * 12, B1], 13),
        (["Sagatavoja:", *[OFFICE] * 13, B1], 13),
        # Above details, up to six lines that name their owner.
        ([B1, *[OFFICE] * 6, DETAIL, B1], 7),
        ([B1, *[OFFICE] * 7, DETAIL, B1], 7),
        ([B1, f"Nodaļa {words(11)}", DETAIL], 2),
        ([B1, f"Nodaļa {words(12)}", DETAIL], 1),
        ([B1, "Preses nodaļa strādā.", DETAIL], 1),
        ([B1, "Preses nodaļa un.", DETAIL], 2),
        (["Sagatavoja: Anna Ozola", OFFICE, DETAIL, "Preses centrs", DETAIL], 5),
        # An opening is followed by thirty words at most, unless they have a number.
        ([f"Sagatavoja: {words(30)}", DETAIL], 2),
        ([f"Sagatavoja: {words(31)}", DETAIL], 1),
        ([f"Sagatavoja: {words(31)} tālr.: 67000000"], 1),
        # A line of a block has sixteen words, a sentence seven; the first one may be any eight words.
        (["Sagatavoja:", "Anna Ozola", f"{OFFICE} {words(14)}"], 3),
        (["Sagatavoja:", "Anna Ozola", f"{OFFICE} {words(15)}"], 2),
        (["Sagatavoja:", "Anna Ozola", f"{OFFICE} {words(5)}."], 3),
        (["Sagatavoja:", "Anna Ozola", f"{OFFICE} {words(6)}."], 2),
        (["Sagatavoja:", words(8)], 2),
        (["Sagatavoja:", words(9)], 0),
        (["Sagatavoja: Anna Ozola", words(4)], 1),
        (["Sagatavoja: Anna Ozola", "© Preses nodaļa"], 1),
        (["Sagatavoja: Anna Ozola", "Visas tiesības aizsargātas, preses nodaļa"], 1),
        # Eight other words soon lead to a number.
        (["Sagatavoja: Anna Ozola", words(8), DETAIL], 3),
        (["Sagatavoja: Anna Ozola", words(9), DETAIL], 2),
        (["Sagatavoja: Anna Ozola", f"{words(4)}.", DETAIL], 2),
        (["Sagatavoja: Anna Ozola", words(4), words(4), DETAIL], 4),
        (["Sagatavoja: Anna Ozola", words(4), words(4), words(4), DETAIL], 2),
        # An opening without a colon is short, or has a number within thirty words.
        ([f"Informāciju sagatavoja Anna Ozola {words(6)}"], 1),
        ([f"Informāciju sagatavoja Anna Ozola {words(7)}"], 0),
        ([f"Informāciju sagatavoja Anna Ozola {words(25)} 67000000"], 1),
        ([f"Informāciju sagatavoja Anna Ozola {words(26)} 67000000"], 0),
        ([f"{'Sagatavoja: Anna Ozola, tālr.: 67000000 ':x<1000}"], 1),
        ([f"{'Sagatavoja: Anna Ozola, tālr.: 67000000 ':x<1001}"], 0),
        (["Informāciju sagatavoja ministrija."], 0),
        (["Informāciju sagatavoja ministrija"], 1),
        (["Informāciju sagatavoja Anna Ozola."], 1),
        (["Kontakti Anna Ozola"], 1),
        (["Kontakti", DETAIL], 2),
        (["Kontakti ir svarīgi 67000000"], 0),
        (["Papildu informācija: Anna Ozola"], 0),
        (["Sagatavoja: anna ozola"], 0),
        (["Sagatavoja: preses nodaļa"], 1),
        (["Sagatavoja anna"], 0),
        (["Sagatavoja:"], 0),
        # Slips in an opening of eight letters; shorter ones have none.
        (["Sagtavja: Anna Ozola"], 1),
        (["Sagtvja: Anna Ozola"], 0),
        ([f"Uzziņas: anna, {DETAIL}"], 1),
        ([f"Uzzinass: anna, {DETAIL}"], 0),
        ([f"Autora: anna, {DETAIL}"], 0),
        # Without an opening: a name and an office within twenty words beside a number.
        ([f"Anna Ozola, preses sekretāre {words(16)} 67000000"], 1),
        ([f"Anna Ozola, preses sekretāre {words(17)} 67000000"], 0),
        (["Anna Ozola, pa vārdam 67000000"], 0),
        (["anna ozola, preses sekretāre 67000000"], 0),
        ([B1, "Anna Ozola, preses sekretāre 67000000", DETAIL, DETAIL, "Vārds", B2], 3),
    ],
)
def test_a_contact_block_is_as_long_as_it_may_be(lines: list[str], contacts: int) -> None:
    split = split_contacts(lines)
    assert len(split.contact) == contacts
    assert len(split.body) == len(lines) - contacts


@pytest.mark.parametrize(
    ("detail", "is_detail"),
    [
        *((f"a{at}b.lv", True) for at in ("@", "(at)", " [at] ", "<at>", "{at}", " @ ", "＠")),
        *((f"a at b{dot}lv", True) for dot in (" dot ", " [dot] ", " punkts ")),
        ("a.b [at] iem [dot] gov [dot] lv", True),
        ("a at b", False),
        ("a@b", False),
        ("67000000", True),
        ("6700000", False),
        ("670000000", False),
        *((f"{phone}", True) for phone in ("+371 67 000 000", "(371)67000000", "67-00-00-00", "1 67000000")),
        *((f"{label} 1", True) for label in ("t.", "m:", "tālr.", "fakss:", "Mob.:", "ph:", "тел.")),
        ("nr: 1", False),
        ("t 1", False),
    ],
)
def test_numbers_and_addresses_make_a_contact(detail: str, *, is_detail: bool) -> None:
    assert bool(split_contacts([f"Sīkāka informācija: {detail}"]).contact) == is_detail


def test_lines_of_a_paragraph_are_split() -> None:
    split = split_contacts([f"{B1}\nSagatavoja: Anna Ozola\n{B2}", DETAIL, f"{OFFICE}\n{DETAIL}"])
    assert split.body == (f"{B1}\n{B2}",)
    assert split.contact == ("Sagatavoja: Anna Ozola", DETAIL, OFFICE, DETAIL)
