"""What a page says of how its text came to be."""

import pytest

from crawler.extraction.extractor import extract
from crawler.extraction.fields.imprint import ends_in_credit, is_credit, is_translation_notice
from crawler.extraction.fields.paragraphs import is_machine_translated
from crawler.extraction.html.parse import parsed
from tests.crawler.extraction.test_extractor import CONFIG, FETCHED, SITE


@pytest.mark.parametrize(
    "notice",
    [
        "This page has been translated automatically.",
        "Automatic translation",
        "Machine-translated text",
        "The text was translated by a machine.",
        "Mašīntulkojums",
        "Teksts ir tulkots automātiski",
        "Automātiski iztulkots teksts",
        "Машинный перевод",
        "Автоматический перевод",
        "Текст переведен автоматически",
        "Данная страница переведена машинным переводчиком",
        "Šī lapa ir tulkota automātiski, izmantojot mašīntulkošanas platformu hugo.lv.",
        "Lapas saturs ir mašīntulkots un var saturēt kļūdas.",
        "Uzmanību! Šis ir mašīntulkojums.",
        "This page was translated by Hugo.lv",
        "Translated by machine translator, may contain mistakes",
        "Teksts <b>tulkots automātiski</b>",
    ],
)
def test_notice_of_machine_translation_is_known(notice: str) -> None:
    assert is_machine_translated(parsed(f"<h1>Title</h1><p>{notice}</p><p>Text of the release.</p>"))


@pytest.mark.parametrize(
    "text",
    [
        "Ministry translates laws into five languages",
        "Ministrija tulko likumus piecās valodās",
        "Министерство переводит законы",
        "<a href=/mt>Machine translation</a>",
        "Mašīntulkošanas platforma Hugo.lv saņēmusi Eiropas balvu.",
        "Ministrijas tīmekļvietnes saturs turpmāk būs automātiski iztulkots ar Hugo.lv",
        "Ministre: mašīntulkošana nodrošina piekļuvi informācijai",
        "Hugo.lv tulko latviešu, angļu un krievu valodā.",
        "Kultūras ministrija pilnveido mašīntulkošanu <b>hugo.lv</b> platformā",
        "Studentu darbā iegūtais <b>mašīntulkojums</b> tika salīdzināts ar oriģinālu",
        "The ministry presents a machine translation platform for public servants",
        "Automatic translation will save the ministries 3 million euros",
        "Министерство представило платформу машинного перевода для школ",
    ],
)
def test_text_about_translation_is_no_notice(text: str) -> None:
    assert not is_machine_translated(parsed(f"<h1>Title</h1><p>{text}</p>"))


@pytest.mark.parametrize(
    "text",
    [
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
        "Photo: Embassy of Latvia in Ireland",
        "Attēls: Eiropas Komisija",
        "Фото: Министерство иностранных дел",
    ],
)
def test_credit_is_known(text: str) -> None:
    assert is_credit(text)
    assert ends_in_credit(f"Reida dalībnieki. {text}")


@pytest.mark.parametrize(
    "text",
    [
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
    ],
)
def test_sentence_that_begins_like_a_credit_is_none(text: str) -> None:
    assert not is_credit(text)


def test_sentences_about_translation_and_photographs_stay_in_the_text() -> None:
    lines = [
        "Mašīntulkošanas platforma Hugo.lv saņēmusi Eiropas balvu par ieguldījumu valodu daudzveidībā.",
        "Foto: policisti šonedēļ sāka reidus, kuros pārbaudīs autovadītājus visā Latvijā.",
        "Kultūras ministrija platformu pilnveidos, lai tā saprastu arī runu.",
    ]
    body = "".join(f"<p>{line}</p>" for line in (*lines, "Foto: Jānis Bērziņš, IeM"))
    body = f"<div class=text__text-content>{body}</div>"
    page = f"<main><h1>Balva platformai</h1><p>01.02.2026.</p>{body}</main>"
    url = "https://www.iem.gov.lv/lv/jaunums/balva"
    release = extract(page, url, SITE, CONFIG.templates, fetched=FETCHED)
    assert (release.body.split("\n\n"), release.machine_translated) == (lines, False)


@pytest.mark.parametrize("text", ["translated by machine " * 20_000, "Foto: " + "a" * 500_000])
def test_long_lines_are_neither(text: str) -> None:
    assert not is_translation_notice(text)
    assert not is_credit(text + " sāka")
