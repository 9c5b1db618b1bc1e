"""How sure it is that a reading is the release of its address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.config import Language
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.identity import Judgement, judge, judge_alias, judge_new
from crawler.store import Release
from tests.support.stored_release import RELEASE

PARTS = (
    "Valsts ugunsdzēsības un glābšanas dienests šodien saņēma desmit jaunas automašīnas, kuras turpmāk"
    " izmantos Latgales un Kurzemes daļās.",
    "Automašīnas iegādātas par Eiropas Savienības līdzekļiem, un to kopējā cena ir nepilni četri miljoni"
    " eiro.",
    "Katra automašīna aprīkota ar ūdens sūkni, kāpnēm un hidrauliskajiem glābšanas instrumentiem, kas"
    " vajadzīgi ceļu satiksmes negadījumos.",
    "Nākamajā gadā dienests plāno iegādāties vēl piecpadsmit automašīnas, lai nomainītu vecākās, kuras"
    " kalpo jau vairāk nekā divdesmit gadus.",
)
OTHER_TEXT = (
    "Saeimas komisija trešdien atbalstīja grozījumus likumā, kas paredz stingrākus sodus par braukšanu"
    " reibumā. Par tiem balsos otrajā lasījumā janvārī, un pēc tam komisija uzklausīs nozares pārstāvjus,"
    " pašvaldības un policiju. Likums stāsies spēkā jūlijā, ja to izsludinās Valsts prezidents. Deputāti"
    " atgādina: reibumā izraisītās avārijās gadu no gada cieš simtiem bērnu."
)
RULES = (("title", "h1"), ("lead", "none"), ("body", "div.text"), ("published", "time"))
STORED = replace(RELEASE, body="\n\n".join(PARTS), rules=RULES)
DAY = RELEASE.published or date.min
NEXT_DAY = DAY + timedelta(1)
OTHER = replace(
    STORED, title="Komisija atbalsta stingrākus sodus", body=OTHER_TEXT, published=DAY + timedelta(40)
)
LOGIN = replace(
    STORED, title="Pieslēgties portālam", body="Ievadiet lietotājvārdu un paroli, lai lasītu saturu."
)


def paragraphs(*parts: str) -> str:
    return "\n\n".join(parts)


def listed(title: str | None, day: date | None = None) -> DiscoveredUrl:
    return DiscoveredUrl(url=STORED.url, title=title, published=day, source="list")


EDITED = replace(STORED, body=paragraphs(*PARTS[:3], "Vairāk par iepirkumu lasiet dienesta vietnē."))
RETITLED = replace(STORED, title="Desmit auto nodoti glābējiem")


@pytest.mark.parametrize(
    ("reading", "doubt"),
    [
        (EDITED, Judgement("same")),
        (RETITLED, Judgement("same")),
        (replace(STORED, published=NEXT_DAY), Judgement("same")),
        (replace(RETITLED, published=NEXT_DAY), Judgement("likely", "has another title and day")),
        (
            replace(STORED, title="Nodotas desmit jaunas automašīnas glābējiem", published=NEXT_DAY),
            Judgement("likely", "has another title and day"),
        ),
        (replace(STORED, title=f"Foto: {STORED.title}", published=NEXT_DAY), Judgement("same")),
        (replace(EDITED, language="ru"), Judgement("likely", "in another language (ru)")),
        (
            replace(EDITED, rules=(("title", "h1"), ("body", "densest"))),
            Judgement("likely", "was found by other rules of the template"),
        ),
        *(
            (
                replace(EDITED, body=EDITED.body.replace("š", unreadable)),
                Judgement("likely", "has letters that were read in a wrong encoding"),
            )
            for unreadable in ("Å\ufffd", "Å\x81")
        ),
        (
            replace(STORED, title="Lasīt vairāk", rules=(("title", "list"), *RULES[1:])),
            Judgement("possible", "has no title of its own any more"),
        ),
        # A redesign that moves the same text is no edit of it.
        (replace(RETITLED, rules=(("title", "h2"), ("body", "densest"))), Judgement("same")),
        # Rules of other fields do not make up the text.
        (replace(EDITED, rules=(*RULES[:3], ("published", "text"))), Judgement("same")),
    ],
)
def test_edit_is_the_release_unless_more_than_the_text_changed(reading: Release, doubt: Judgement) -> None:
    assert judge(STORED, reading, None, is_cut=False) == doubt


@pytest.mark.parametrize(
    ("reading", "identity", "doubt"),
    [
        (replace(STORED, body=PARTS[0]), "possible", "shows only a part of the text"),
        (replace(STORED, body=OTHER_TEXT), "possible", "has another text under the same title"),
        (
            replace(STORED, body=OTHER_TEXT, published=None, rules=(("title", "list"), *RULES[1:])),
            "strange",
            "shows another text, and no title of its own",
        ),
        (
            replace(STORED, body=paragraphs(*PARTS, OTHER_TEXT, OTHER_TEXT, OTHER_TEXT)),
            "likely",
            "has more text than before",
        ),
        # Under another title, all of the text within a longer one makes no page the release.
        (
            replace(OTHER, body=paragraphs(*PARTS, OTHER_TEXT, OTHER_TEXT, OTHER_TEXT), published=DAY),
            "possible",
            "has another title and text of the same day",
        ),
        (
            replace(OTHER, body=paragraphs(*PARTS, OTHER_TEXT, OTHER_TEXT, OTHER_TEXT)),
            "strange",
            f"shows {OTHER.title!r}, which shares neither title nor text",
        ),
        (
            replace(OTHER, body=paragraphs(PARTS[0], OTHER_TEXT), published=DAY),
            "possible",
            "has another title and text of the same day",
        ),
        (
            replace(OTHER, body=paragraphs(PARTS[0], OTHER_TEXT)),
            "strange",
            f"shows {OTHER.title!r}, which shares neither title nor text",
        ),
        (OTHER, "strange", f"shows {OTHER.title!r}, which shares neither title nor text"),
        # The day alone makes no page the release.
        (
            replace(OTHER, published=DAY),
            "strange",
            f"shows {OTHER.title!r}, which shares neither title nor text",
        ),
        (replace(OTHER, language="en"), "strange", "in another language (en)"),
        (replace(OTHER, title=STORED.title, language="en"), "strange", "in another language (en)"),
    ],
)
def test_other_text_is_the_less_sure_the_less_it_shares(reading: Release, identity: str, doubt: str) -> None:
    judgement = judge(STORED, reading, None, is_cut=False)
    assert (judgement.identity, judgement.doubt) == (identity, doubt)


@pytest.mark.parametrize(
    ("reading", "identity"),
    [
        (replace(STORED, body=PARTS[0]), "likely"),
        (replace(STORED, body=OTHER_TEXT), "likely"),
        (replace(OTHER, body=PARTS[0]), "possible"),
        # A first crawl may have met another site's page of that day.
        (replace(OTHER, body=paragraphs(PARTS[0], OTHER_TEXT), published=DAY), "likely"),
        (OTHER, "strange"),
    ],
)
def test_young_release_gives_way_sooner_to_one_of_its_title_or_day(reading: Release, identity: str) -> None:
    assert judge(STORED, reading, None, is_cut=False, is_young=True).identity == identity


@pytest.mark.parametrize(
    ("stored", "shown", "day", "identity"),
    [
        ("ru", "lv", DAY, "likely"),
        ("ru", "lv", DAY + timedelta(40), "strange"),
        ("lv", "ru", DAY, "strange"),
        ("ru", "en", DAY, "strange"),
    ],
)
def test_young_release_in_another_language_gives_way_to_latvian(
    stored: Language, shown: Language, day: date, identity: str
) -> None:
    before, now = replace(STORED, language=stored), replace(OTHER, language=shown, published=day)
    judged = judge(
        before, now, None, is_cut=False, is_young=True, main_language="ru" if shown == "lv" else "lv"
    )
    assert judged.identity == identity


@pytest.mark.parametrize(
    ("stored", "main", "identity"), [("en", "lv", "likely"), ("en", "ru", "strange"), ("lv", "lv", "strange")]
)
def test_release_stored_in_another_language_goes_back_to_that_of_the_site(
    stored: str, main: str, identity: str
) -> None:
    before = replace(STORED, language=stored)  # type: ignore[arg-type]  # a language of the table
    judgement = judge(before, OTHER, None, is_cut=False, main_language=main)  # type: ignore[arg-type]  # as above
    assert judgement.identity == identity


@pytest.mark.parametrize(
    ("reading", "mention", "identity", "doubt"),
    [
        (RETITLED, listed(RETITLED.title), "same", ""),
        (RETITLED, listed("Lasīt vairāk"), "same", ""),
        (
            RETITLED,
            listed(STORED.title),
            "possible",
            f"has the title {RETITLED.title!r}, which the list does not give",
        ),
        (
            replace(EDITED, published=NEXT_DAY),
            listed(None, DAY),
            "possible",
            f"is dated {NEXT_DAY}, by the list {DAY}",
        ),
        (replace(EDITED, published=NEXT_DAY), listed(None, NEXT_DAY), "same", ""),
        # A list that agrees with neither contradicts neither.
        (replace(EDITED, published=NEXT_DAY), listed(None, DAY + timedelta(2)), "same", ""),
    ],
)
def test_edit_that_contradicts_the_list_waits(
    reading: Release, mention: DiscoveredUrl, identity: str, doubt: str
) -> None:
    judgement = judge(STORED, reading, mention, is_cut=False)
    assert (judgement.identity, judgement.doubt) == (identity, doubt)


@pytest.mark.parametrize(
    ("mention", "identity"),
    [
        (listed(STORED.title), "same"),
        (listed(STORED.title, DAY), "same"),
        (listed("Lasīt vairāk"), "strange"),
        (None, "strange"),
    ],
)
def test_stored_page_that_the_list_contradicts_gives_way_to_the_release(
    mention: DiscoveredUrl | None, identity: str
) -> None:
    junk = replace(LOGIN, published=None, published_source="none")
    assert judge(junk, STORED, mention, is_cut=False).identity == identity


def test_release_of_its_own_day_that_the_list_contradicts_gives_way_on_the_next_day() -> None:
    # List and page may both be those of another site for a day.
    judgement = judge(STORED, OTHER, listed(OTHER.title), is_cut=False)
    assert judgement == Judgement("likely", "is what the list gives, as the stored one is not")
    assert judge(STORED, RETITLED, listed(RETITLED.title), is_cut=False) == Judgement("same")


CHANGED_AGAIN = replace(STORED, body=paragraphs(PARTS[0], "Rīgā tagad ir plus trīs grādi.", *PARTS[2:]))
CHANGED_BEFORE = replace(STORED, body=paragraphs(PARTS[0], "Rīgā tagad ir mīnus divi grādi.", *PARTS[2:]))


@pytest.mark.parametrize(
    ("stored", "reading", "earlier", "doubt"),
    [
        (STORED, EDITED, (EDITED,), "shows an earlier version"),
        (STORED, OTHER, (EDITED, OTHER), "shows an earlier version"),
        (OTHER, EDITED, (STORED,), "is like an earlier version"),
        (STORED, CHANGED_AGAIN, (CHANGED_BEFORE,), "changes again where it changed last"),
        (STORED, CHANGED_AGAIN, (EDITED, CHANGED_BEFORE), ""),
        (STORED, EDITED, (OTHER,), ""),
    ],
)
def test_reading_that_goes_back_waits_a_day(
    stored: Release, reading: Release, earlier: tuple[Release, ...], doubt: str
) -> None:
    expected = Judgement("likely", doubt) if doubt else Judgement("same")
    assert judge(stored, reading, None, is_cut=False, earlier=earlier) == expected


@pytest.mark.parametrize("reading", [EDITED, RETITLED, OTHER])
@pytest.mark.parametrize("more", [{}, {"is_young": True}, {"earlier": (EDITED,)}])
def test_page_that_is_cut_short_is_never_taken(reading: Release, more: Mapping[str, object]) -> None:
    judgement = judge(STORED, reading, listed(STORED.title), is_cut=True, **more)  # type: ignore[arg-type]  # as named
    assert judgement == Judgement("strange", "the page is cut short")


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        (None, Judgement("same")),
        (listed(None), Judgement("same")),
        (listed("Vairāk"), Judgement("same")),
        (listed(OTHER.title), Judgement("same")),
        (
            listed(STORED.title),
            Judgement("strange", f"shows {OTHER.title!r}; the list calls it {STORED.title!r}"),
        ),
    ],
)
def test_page_at_a_new_address_is_a_release_unless_the_list_calls_it_otherwise(
    mention: DiscoveredUrl | None, expected: Judgement
) -> None:
    assert judge_new(OTHER, mention, is_of_another=False) == expected


@pytest.mark.parametrize("title", [OTHER_TEXT[:60], OTHER.title])
def test_page_with_the_title_of_another_address_is_no_release_of_this_one(title: str) -> None:
    mention = listed(title)
    assert judge_new(OTHER, mention, is_of_another=False) == Judgement("same")
    doubt = f"shows {OTHER.title!r}; the list calls it {title!r}"
    assert judge_new(OTHER, mention, is_of_another=True) == Judgement("strange", doubt)


@pytest.mark.parametrize(
    ("reading", "mention", "expected"),
    [
        (OTHER, listed(OTHER.title), "likely"),
        (OTHER, listed(None, OTHER.published), "likely"),
        # Nothing is listed, but it has a day of its own.
        (OTHER, listed("Lasīt vairāk"), "likely"),
        (replace(OTHER, published_source="list"), listed(None), "strange"),
        (replace(OTHER, published=DAY), listed(None), "strange"),
        (OTHER, None, "strange"),
        # The list gives the address to the stored release.
        (OTHER, listed(STORED.title), "strange"),
        (LOGIN, None, "strange"),
        # Versions of the stored release, of which its own address decides
        (EDITED, None, None),
        (EDITED, listed(STORED.title), None),
        (RETITLED, None, None),
        (replace(STORED, body=PARTS[0]), None, None),
        (replace(STORED, body=OTHER_TEXT), None, None),
        (RETITLED, listed(RETITLED.title), "likely"),
    ],
)
def test_alias_is_a_release_if_the_list_names_what_it_shows(
    reading: Release, mention: DiscoveredUrl | None, expected: str | None
) -> None:
    judgement = judge_alias(STORED, reading, mention)
    assert (judgement.identity if judgement else None) == expected
    assert judgement is None or (judgement.identity == "same") is (judgement.doubt == "")


@pytest.mark.parametrize(
    ("published", "source", "expected"),
    [(NEXT_DAY, "time", "likely"), (NEXT_DAY, "list", None), (None, "none", None), (DAY, "time", None)],
)
def test_alias_with_the_title_of_a_series_is_a_release_if_it_has_its_own_day(
    published: date | None, source: str, expected: str | None
) -> None:
    reading = replace(STORED, body=OTHER_TEXT, published=published, published_source=source)
    for listed_day in (NEXT_DAY, None):
        judgement = judge_alias(STORED, reading, listed(STORED.title, listed_day))
        assert (judgement.identity if judgement else None) == expected
    assert judge_alias(STORED, reading, None) is None


def test_alias_is_a_release_if_the_list_gives_exactly_its_title() -> None:
    near = replace(OTHER, title=f"{STORED.title} Rēzeknē", published=DAY)
    assert judge_alias(STORED, near, listed(near.title)) == Judgement(
        "likely", f"an old address of {STORED.url} that shows another text"
    )


SEARCHED = replace(STORED, title=f"Meklēšana vietnē: {STORED.title} un citi ieraksti", body=LOGIN.body)
BY_LIST = Judgement("likely", "has the title that the list gives, and the stored one has not")


@pytest.mark.parametrize(
    ("title", "stored", "expected"),
    [
        (STORED.title, SEARCHED, True),
        (STORED.title.upper(), SEARCHED, True),
        (f"{STORED.title} šodien", SEARCHED, False),
        # Both have it: nothing is said of their texts.
        (STORED.title, replace(STORED, body=LOGIN.body), False),
        (None, SEARCHED, False),
    ],
)
def test_reading_with_exactly_the_listed_title_is_likely(
    title: str | None, stored: Release, *, expected: bool
) -> None:
    assert (judge(stored, STORED, listed(title), is_cut=False) == BY_LIST) is expected


BY_DAY = Judgement("likely", "has the day that the list gives, and the stored one has not")


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        ("Lasīt vairāk", DAY + timedelta(40), True),
        (None, DAY + timedelta(40), True),
        (None, DAY + timedelta(39), False),  # neither has it
    ],
)
def test_reading_with_the_listed_day_is_likely(title: str | None, day: date, *, expected: bool) -> None:
    stored = replace(STORED, published=day - timedelta(2))
    assert (judge(stored, OTHER, listed(title, day), is_cut=False) == BY_DAY) is expected


def test_title_of_two_words_says_nothing_even_if_a_list_gives_it() -> None:
    reading, stored = replace(STORED, title="Ministrs tiekas"), replace(SEARCHED, title="Cits virsraksts")
    assert judge(stored, reading, listed(reading.title), is_cut=False) != BY_LIST
