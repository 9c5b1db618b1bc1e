"""Paragraphs keep sentences that only resemble a credit or a notice."""

import pytest

from crawler.extraction.fields.paragraphs import is_machine_translated
from crawler.extraction.html.parse import parse_html
from tests.support.release_pages import BODY, extract_page

LONG = "Ministrija šodien pasniedza balvu platformai, kas trīs gadu laikā ir iztulkojusi miljoniem lapu."


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
        "Mašīntulkošana: hugo.lv",
        "Mašīntulkošana (hugo.lv)",
        "Mašīntulkošana – eTranslation",
        "Automātiskā tulkošana: <b>DeepL</b>",
        "Tulkojums: hugo.lv",
        "Machine translation: DeepL",
        "Машинный перевод: hugo.lv",
    ],
)
def test_notice_of_machine_translation_is_recognised(notice: str) -> None:
    assert is_machine_translated(parse_html(f"<h1>Title</h1><p>{notice}</p><p>Text of the release.</p>"))


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
        "Mašīntulkošana palīdz iedzīvotājiem",
        "Hugo.lv mašīntulkošana kļuvusi labāka",
        "Mašīntulkošana: hugo.lv saņem Eiropas balvu",
        "Hugo.lv tulko latviešu, angļu un krievu valodā.",
        "Kultūras ministrija pilnveido mašīntulkošanu <b>hugo.lv</b> platformā",
        "Studentu darbā iegūtais <b>mašīntulkojums</b> tika salīdzināts ar oriģinālu",
        "The ministry presents a machine translation platform for public servants",
        "Automatic translation will save the ministries 3 million euros",
        "Министерство представило платформу машинного перевода для школ",
    ],
)
def test_text_about_translation_is_not_a_notice(text: str) -> None:
    assert not is_machine_translated(parse_html(f"<h1>Title</h1><p>{text}</p>"))


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
    release = extract_page(page, url)
    assert (release.body.split("\n\n"), release.machine_translated) == (lines, False)


@pytest.mark.parametrize(
    ("blocks", "body"),
    [
        # The heading of a list, unless it is before any text.
        (("Citas ziņas", LONG, "Otrā rindkopa."), ["Citas ziņas", LONG, "Otrā rindkopa."]),
        ((LONG, "Citas ziņas", "Valdība tiekas ar pašvaldībām"), [LONG]),
        # Links back, alone or below a text.
        ((LONG, "Atpakaļ", "Otrā rindkopa."), [LONG, "Otrā rindkopa."]),
        ((LONG, "Otrā rindkopa.<br>Atpakaļ"), [LONG, "Otrā rindkopa."]),
        ((LONG, "Atpakaļ<br>uz darbu pēc slimības."), [LONG, "Atpakaļ\nuz darbu pēc slimības."]),
    ],
)
def test_lines_around_a_text_do_not_belong_to_it(blocks: tuple[str, ...], body: list[str]) -> None:
    text = "".join(f"<p>{block}</p>" for block in blocks)
    page = f"<main><h1>Balva</h1><p>01.02.2026.</p><div class=text__text-content>{text}</div></main>"
    assert extract_page(page, "https://www.iem.gov.lv/lv/jaunums/balva").body.split("\n\n") == body


@pytest.mark.parametrize(
    "line",
    [
        "Foto: Mākslas muzejā atklāj jaunu izstādi.",
        "FOTO: Valsts prezidents viesojas Latgalē",
        "Video: Ministrs atklāj konferenci",
        "Attēls: Mākslas muzejs aicina uz izstādi",
        "Photo: President visits Latgale",
        "Фото: Музей приглашает гостей",
    ],
)
def test_sentence_after_a_label_stays_as_title_and_in_the_body(line: str) -> None:
    markup = f"<main><h1>{line}</h1><time datetime=2026-02-01>01.02.2026.</time>"
    credit = "<p>Foto: Rīgas dome / Jānis Ozols, 2024. gads</p>"
    text = f"<div class=text__text-content>{BODY}<p>{line}</p>{credit}</div>"
    assert extract_page(f"{markup}{text}").title == line
    titled = extract_page(f"{markup}{text}".replace(line, "Mainās kārtība", 1))
    assert titled.body.split("\n\n")[1:] == [line]
