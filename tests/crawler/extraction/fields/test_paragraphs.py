"""Paragraphs keep sentences that only resemble a credit or a notice."""

import pytest

from crawler.extraction.fields.paragraphs import is_machine_translated, is_related, without_lead
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


def sentence(length: int) -> str:
    """Return a sentence of so many characters, of eight words or more from 50 on."""
    words = "Ministrija šodien rīko darbu un sniedz ziņas par visu jauno novadā un valstī kopumā"[
        : length - 1
    ]
    return words.rstrip().ljust(length - 1, "a") + "."


def read(above: str, body: str) -> tuple[str, list[str]]:
    """Return the lead and the paragraphs of a release, with what is above its text and what opens it."""
    text = f"<div class=text__text-content>{body}<p>{LONG}</p><p>Otrā rindkopa.</p></div>"
    release = extract_page(f"<main><h1>Balva</h1><p>01.02.2026.</p>{above}{text}</main>")
    paragraphs = release.body.split("\n\n")
    assert paragraphs[-2:] == [LONG, "Otrā rindkopa."]
    return release.lead, paragraphs[:-2]


@pytest.mark.parametrize(
    ("above", "body", "lead", "rest"),
    [
        # Between title and text: of 60 characters and eight words, and no contact; the first one.
        (f"<p>{sentence(60)}</p>", "", sentence(60), []),
        (f"<p>{sentence(59)}</p>", "", "", []),
        (f"<p>{'a ' * 7}{'a' * 50}.</p>", "", f"{'a ' * 7}{'a' * 50}.", []),
        (f"<p>{'a ' * 6}{'a' * 50}.</p>", "", "", []),
        (f"<p>{sentence(60)}</p><p>{sentence(70)}</p>", "", sentence(60), []),
        (
            "<p>Plašāka informācija: Jānis Bērziņš, preses sekretārs, tālrunis 67012345, "
            "e-pasts janis.berzins@iem.gov.lv, Rīgā</p>",
            "",
            "",
            [],
        ),
        # By its name, of 40 characters, in the opening.
        (f"<div class=intro-text>{sentence(40)}</div>", "", sentence(40), []),
        (f"<div class=intro-text>{sentence(39)}</div>", "", "", []),
        (f"<div class=teaser_perex>{sentence(45)}</div>", "", sentence(45), []),
        (f"<div class=introducing>{sentence(45)}</div>", "", "", []),
        (f"<div class=intro><h2>Virsraksts</h2>{sentence(45)}</div>", "", "", []),
        ("", f"<p class=intro>{sentence(45)}</p>", sentence(45), []),
        ("", f"<p>{LONG}</p><p>{LONG}</p><p class=intro>{sentence(45)}</p>", sentence(45), [LONG, LONG]),
        (
            "",
            f"<p>{LONG}</p><p>{LONG}</p><p>{LONG}</p><p class=intro>{sentence(45)}</p>",
            "",
            [LONG, LONG, LONG, sentence(45)],
        ),
        # In bold as a whole, at the beginning of the text.
        ("", f"<p><b>{sentence(60)}</b></p>", sentence(60), []),
        ("", f"<p><strong>{sentence(60)}</strong></p>", sentence(60), []),
        ("", f"<p><b>{sentence(59)}</b></p>", "", [sentence(59)]),
        ("", f"<p><b>{sentence(60)}</b> Vēl.</p>", "", [f"{sentence(60)} Vēl."]),
        ("", f"<p><i>{sentence(60)}</i></p>", "", [sentence(60)]),
        ("", f"<p>Otrā.</p><p><b>{sentence(60)}</b></p>", "", ["Otrā.", sentence(60)]),
        # The text repeats it, within four paragraphs.
        (f"<p>{LONG[::-1]} 1 2</p>", f"<p>{LONG[::-1]}</p>", f"{LONG[::-1]} 1 2", []),
        (f"<p>{sentence(60)} Īss.</p>", "<p>Īss.</p>", f"{sentence(60)} Īss.", ["Īss."]),
    ],
)
def test_lead_is_found_by_its_place_its_name_or_its_type(
    above: str, body: str, lead: str, rest: list[str]
) -> None:
    found, paragraphs = read(above, body)
    assert (found, paragraphs) == (lead, rest)


@pytest.mark.parametrize(
    ("paragraphs", "kept"),
    [
        ([sentence(40), "b"], ["b"]),
        ([sentence(39), "b"], [sentence(39), "b"]),
        (["a", "b", "c", sentence(40), "d"], ["a", "b", "c", "d"]),
        (["a", "b", "c", "d", sentence(40)], ["a", "b", "c", "d", sentence(40)]),
        ([f" {sentence(40)[:20]}  {sentence(40)[20:]}"], [f" {sentence(40)[:20]}  {sentence(40)[20:]}"]),
    ],
)
def test_lead_is_not_repeated_at_the_beginning(paragraphs: list[str], kept: list[str]) -> None:
    assert without_lead(paragraphs, f"{sentence(40)} {sentence(39)}") == kept


@pytest.mark.parametrize(
    ("text", "is_heading"),
    [
        ("Saistītie raksti", True),
        ("Citi jaunumi:", True),
        ("Skatīt arī", True),
        ("Related " + "x" * 30, True),
        ("Related " + "x" * 31, False),
        ("Saistītie " + "x" * 30 + "!" * 19, True),
        ("Saistītie " + "x" * 30 + "!" * 20, False),
        ("Nesaistītie raksti", False),
    ],
)
def test_headings_of_other_releases(text: str, *, is_heading: bool) -> None:
    assert is_related(text) == is_heading


@pytest.mark.parametrize(
    ("above", "body", "rest"),
    [
        # Dates and a category at the beginning; dates at the end, unless they are rows of a table.
        ("", "<p>01.02.2026.</p><p>Jaunumi</p>", []),
        ("", "<p>Rīga</p><p>Publicēts: 01.02.2026.</p>", []),
        ("", f"<p>{sentence(59)}</p><p>01.02.2026.</p>", []),
        ("", f"<p>{sentence(60)}</p><p>01.02.2026.</p>", [sentence(60), "01.02.2026."]),
        ("", "<p>a</p><p>b</p><p>c</p><p>01.02.2026.</p>", []),
        ("", "<p>a</p><p>b</p><p>c</p><p>d</p><p>01.02.2026.</p>", ["a", "b", "c", "d", "01.02.2026."]),
        # Tools, notes on the page and credits are no text; nor is a line without letters.
        ("", "<p>Drukāt | Facebook</p><p>Dalīties ar draugiem</p><p>© Ministrija, 2026</p><p>***</p>", []),
        ("", "<p>Skatījumi: 1 200</p><p>Autors: Super User</p><p>Mēs izmantojam sīkdatnes</p>", []),
        ("", "<p>Autors: Jānis Bērziņš</p>", ["Autors: Jānis Bērziņš"]),
        ("", "<p>Skatījumi: 1 200 Rīgā</p>", ["Skatījumi: 1 200 Rīgā"]),
        ("", f"<p>Mēs izmantojam sīkdatnes {'a ' * 187}b</p>", []),
        ("", f"<p>Mēs izmantojam sīkdatnes {'a ' * 188}b</p>", [f"Mēs izmantojam sīkdatnes {'a ' * 188}b"]),
        ("", "<p><img src=a.png>Attēls. Foto: Jānis Bērziņš</p>", []),
        ("", "<p><img src=a.png alt='Balva Rīgā'></p><p>Balva  Rīgā</p>", []),
    ],
)
def test_lines_that_belong_to_the_page_are_not_in_the_text(above: str, body: str, rest: list[str]) -> None:
    assert read(above, body)[1] == rest


@pytest.mark.parametrize(
    ("markup", "is_notice"),
    [
        ("<p>Lapas <b>saturs</b> <i>ir</i> mašīntulkots <u>un var</u> saturēt <b>kļūdas</b>.</p>", True),
        ("<p>Teksts <i>ir</i> <b>tulkots</b> automātiski</p>", True),
        ("<p>Darbs <i>ir</i><br>Teksts <i>ir</i> tulkots automātiski<br>Darbs</p>", True),
        ("<div>Darbs par to <div>Teksts ir tulkots automātiski</div> kas ir noticis</div>", True),
        ("<p><b>Ministrijā</b> teksts ir tulkots automātiski <b>katru dienu</b></p>", False),
        ("<p><span><b>Teksts ir</b></span> tulkots automātiski</p>", True),
        ("<h2>Teksts ir tulkots automātiski</h2>", False),
        ("<select><option>Mašīntulkojums</option></select>", False),
    ],
)
def test_a_notice_is_a_line_of_all_its_parts_in_order(markup: str, *, is_notice: bool) -> None:
    assert is_machine_translated(parse_html(f"<h1>Title</h1>{markup}<p>Text.</p>")) == is_notice


@pytest.mark.parametrize(
    ("above", "category"),
    [
        ("<p>Preses relīze</p><p>01.02.2026.</p>", "Preses relīze"),
        ("<p>01.02.2026.</p><p>Preses relīze</p>", "Preses relīze"),
        ("<ul><li>Preses relīze</li></ul><p>01.02.2026.</p>", None),  # breadcrumbs
        ("<p>Preses relīze</p><p>Cits</p><p>01.02.2026.</p>", "Cits"),
    ],
)
def test_a_category_may_be_beside_a_date_above_the_title(above: str, category: str | None) -> None:
    text = f"<div class=text__text-content><p>{LONG}</p><p>Otrā rindkopa.</p></div>"
    release = extract_page(f"<main>{above}<h1>Balva platformai</h1>{text}</main>")
    assert (release.category, release.body.split("\n\n")[0]) == (category, LONG)
