"""Acts of the cabinet have one key in all written forms."""

import pytest

from index.mentions.acts.cabinet import find_cabinet_acts


def cited(text: str) -> list[tuple[str, str]]:
    return [(text[act.start : act.end], act.key) for act in find_cabinet_acts(text)]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("MK noteikumi Nr. 445", "MK 445"),
        ("MK noteikumos Nr.445", "MK 445"),
        ("Ministru kabineta noteikumiem Nr. 445", "MK 445"),
        ("Ministru kabineta 2017. gada 28. marta noteikumi Nr. 171", "MK 2017-03-28 171"),
        ("2017. gada 28. marta Ministru kabineta noteikumos Nr. 171", "MK 2017-03-28 171"),
        ("MK 2009.gada 22.decembra noteikumu Nr.1529", "MK 2009-12-22 1529"),
        ("Ministru kabineta 28.03.2017. noteikumi Nr. 171", "MK 2017-03-28 171"),
        ("MK noteikumi „Par dūmu detektoriem” (2017. gada 28. marts, Nr. 171)", "MK 2017-03-28 171"),
        ("Ministru kabineta 2015. gada noteikumos Nr. 5", "MK 2015 5"),
        ("MK 360. noteikumi", "MK 360"),
        ("Ministru kabineta 2019. gada 3. decembra rīkojums Nr. 600", "MK rīkojums 2019-12-03 600"),
        ("MK not. Nr. 445", "MK 445"),
        ("Ministru kabineta 2016. gada 19. aprīļa noteikumi Nr. 238", "MK 2016-04-19 238"),
        ("правилам КМ № 468 от 12 августа 2014 года", "MK 2014-08-12 468"),
        ("Cabinet Regulation No. 445 of 28 March 2017", "MK 2017-03-28 445"),
        ("правила Кабинета министров № 445", "MK 445"),
    ],
)
def test_each_form_is_found_in_full(written: str, key: str) -> None:
    assert cited(f"Saskaņā ar {written} maksā vairāk.") == [(written, key)]


@pytest.mark.parametrize(
    "text",
    [
        "Domes saistošie noteikumi Nr. 445 stājas spēkā.",
        "Ministru kabineta noteikumu projekts nodots saskaņošanai.",
        "Šie noteikumi stājas spēkā rīt.",
        "Ministru kabineta sēdē 28. martā izskatīja 445 noteikumus.",
        "Ministrijas rīkojums Nr. 445.",
        "MK instrukcija Nr. 3",
    ],
)
def test_other_rules_are_no_acts_of_the_cabinet(text: str) -> None:
    assert cited(text) == []


def test_a_list_cites_each_number() -> None:
    text = "Grozīti MK noteikumi Nr. 445, Nr. 5 un Nr. 17."
    assert [key for _, key in cited(text)] == ["MK 445", "MK 5", "MK 17"]


def test_a_list_goes_on_after_a_title_and_with_a_day() -> None:
    text = (
        "MK noteikumos Nr. 529 „Ēkas” un Nr. 253 „Būves”, kā arī 2001. gada 11. decembra noteikumos Nr. 519"
    )
    assert [key for _, key in cited(text)] == ["MK 529", "MK 253", "MK 2001-12-11 519"]


def test_a_number_takes_the_day_that_the_text_gives_it_once() -> None:
    text = (
        "Ministru kabineta 2017. gada 28. marta noteikumi Nr. 171 mainās. MK noteikumu Nr. 171 5. punkts "
        "zudīs, arī noteikumos Nr. 171. Ministru kabineta 2017. gada noteikumi Nr. 171 ir jauni."
    )
    assert {key for _, key in cited(text)} == {"MK 2017-03-28 171"}
    assert len(cited(text)) == 4


def test_a_number_of_two_years_stays_a_number() -> None:
    text = (
        "MK 2016. gada 5. maija noteikumi Nr. 9, MK 2017. gada 3. maija noteikumi Nr. 9, MK noteikumi Nr. 9"
    )
    assert [key for _, key in cited(text)] == ["MK 2016-05-05 9", "MK 2017-05-03 9", "MK 9"]


def test_an_order_of_the_same_number_is_another_act() -> None:
    assert [key for _, key in cited("MK rīkojums Nr. 5 un MK noteikumi Nr. 5")] == ["MK rīkojums 5", "MK 5"]


def test_other_issuers_between_stay_theirs() -> None:
    text = "MK noteikumi Nr. 445 un domes saistošie noteikumi Nr. 445"
    assert cited(text) == [("MK noteikumi Nr. 445", "MK 445")]
