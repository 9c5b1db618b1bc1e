"""What an edit did to a text, its weight and the reasons for it."""

from collections.abc import Callable
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.edits import judge, measure
from crawler.config import Language
from index.edits import EditRecord, Reason, VersionText, compare
from index.edits.comparison import SENTENCE_CHARS
from index.edits.weights import MINOR
from tests.support.effort import calls
from tests.support.planted_edits import invent, sample_sentences, treebank_sentences


def edit(older: str, newer: str, language: Language = "lv") -> EditRecord:
    return compare(VersionText("Ziņa", "", older), VersionText("Ziņa", "", newer), language)


@pytest.mark.parametrize("corpus", [sample_sentences, treebank_sentences])
def test_planted_edits_are_found_among_trivial_ones(corpus: Callable[[], list[str]]) -> None:
    sentences = corpus()
    if not sentences:
        pytest.skip("the treebank is not on this machine")
    measured = measure(judge(invent(sentences, Random(5), planted=240, trivial=700)))
    assert measured.of_right_kind == 1, measured.missed
    assert measured.ndcg >= 0.95
    assert measured.above == 0


@pytest.mark.parametrize(
    ("language", "older", "newer", "reason"),
    [
        ("lv", "Saņems 1 800 ģimeņu.", "Saņems 2 300 ģimeņu.", ("number", "1 800", "2 300")),
        ("lv", "Tie ir 2 milj. eiro.", "Tie ir 3 milj. eiro.", ("amount", "2 milj. eiro", "3 milj. eiro")),
        ("lv", "Cenas kāps par 5 %.", "Cenas kāps par 7 %.", ("percent", "5 %", "7 %")),
        ("lv", "Darbu sāks trīs centri.", "Darbu sāks pieci centri.", ("number", "trīs", "pieci")),
        ("lv", "Ieradīsies 5 sievietes, 8 vīri.", "Ieradīsies 8 sievietes, 5 vīri.", ("number", "5", "8")),
        ("lv", "Būs -5 grādi.", "Būs 5 grādi.", ("number", "-5", "5")),
        ("lv", "Sēde ir 5. maijā.", "Sēde ir 7. maijā.", ("date", "5. maijā", "7. maijā")),
        ("lv", "Sēde 5.-9. jūlijā.", "Sēde 5.-8. jūlijā.", ("date", "5.-9. jūlijā", "5.-8. jūlijā")),
        ("lv", "Sākums plkst. 10.00.", "Sākums plkst. 14.30.", ("time", "10.00", "14.30")),
        ("lv", "Sākums plkst. 10.30.", "Sākums plkst. 10.03.", ("time", "10.30", "10.03")),
        ("lv", "Sākums plkst. 1.00.", "Sākums plkst. 10.00.", ("time", "1.00", "10.00")),
        ("lv", "Darbs no 9:00 līdz 17:00.", "Darbs no 9:00 līdz 17:30.", ("time", "17:00", "17:30")),
        ("lv", "Darbs 9.00–17.00.", "Darbs 9.00–17.30.", ("time", "17.00", "17.30")),
        ("en", "It starts at 9 a.m. there.", "It starts at 9 p.m. there.", ("time", "9 a.m", "9 p.m")),
        ("lv", "Sēde notiks pirmdien.", "Sēde notiks otrdien.", ("date", "pirmdien", "otrdien")),
        ("lv", "Tas ir atļauts.", "Tas nav atļauts.", ("negation", "ir", "nav")),
        ("lv", "Sēde notiks Rīgā.", "Sēde nenotiks Rīgā.", ("negation", "notiks", "nenotiks")),
        ("lv", "Darbs jāpabeidz rudenī.", "Darbu var pabeigt rudenī.", ("modality", "jāpabeidz", "var")),
        ("lv", "Tas ir atļauts.", "Tas ir aizliegts.", ("modality", "atļauts", "aizliegts")),
        ("lv", "Viņš saprastu likumu.", "Viņš saprata likumu.", ("modality", "saprastu", "")),
        ("lv", "Viņi mācītos labāk.", "Viņi mācījās labāk.", ("modality", "mācītos", "")),
        ("lv", "Tikās ar Annu Lejiņu.", "Tikās ar Jāni Bērziņu.", ("name", "Annu Lejiņu", "Jāni Bērziņu")),
        ("lv", "Veselības ministrija lems.", "Kultūras ministrija lems.", ("name", "Veselības", "Kultūras")),
        ("en", "It will start on 5 May.", "It will start on 7 May.", ("date", "5 May", "7 May")),
        ("en", "About 1,800 families.", "About 2,300 families.", ("number", "1,800", "2,300")),
        ("en", "The minister must sign.", "The minister may sign.", ("modality", "must", "may")),
        ("en", "The minister did sign.", "The minister did not sign.", ("negation", "", "not")),
        ("ru", "Выплатят 2 млн евро.", "Выплатят 3 млн евро.", ("amount", "2 млн евро", "3 млн евро")),
        ("ru", "Заседание 5 мая.", "Заседание 7 мая.", ("date", "5 мая", "7 мая")),
        ("lv", "Summa ir 100 eiro.", "Summa ir 100 dolāru.", ("amount", "100 eiro", "100 dolāru")),
        ("lv", "Izdeva 5 milj. latu.", "Izdeva 5 milj. eiro.", ("amount", "5 milj. latu", "5 milj. eiro")),
        ("lv", "Maksā €100 gadā.", "Maksā $100 gadā.", ("amount", "€100", "$100")),
        ("lv", "Kāpums ir 3 %.", "Kāpums ir 3 procentpunkti.", ("percent", "3 %", "3 procentpunkti")),
        ("en", "It rose by 3 percent.", "It rose by 3 percentage points.",
         ("percent", "3 percent", "3 percentage points")),
        ("ru", "Выплатят 20 евро.", "Выплатят 20 долларов.", ("amount", "20 евро", "20 долларов")),
        ("ru", "Пособие выплатят.", "Пособие не выплатят.", ("negation", "", "не")),
    ],
)  # fmt: skip
def test_reason_quotes_it(language: Language, older: str, newer: str, reason: tuple[str, ...]) -> None:
    (change,) = edit(older, newer, language).changes
    first = change.reasons[0]
    assert (first.subject, first.older, first.newer) == reason
    assert change.weight > 60


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Finansējums ir 1 800 000 eiro.", "Finansējums ir 1,8 miljoni eiro."),
        ("Ministrs lemj. Sēde beigusies.", "Sēde beigusies. Ministrs lemj."),
        ("Ministrija  lemj.", "Ministrija lemj!"),
        ("Ministija lemj par budžetu.", "Ministrija lemj par budžetu."),
        ("Lems desmit tiesneši.", "Lems demsit tiesneši."),
        ("Ilze Viņķele lemj.", "Ilze Vinkele lemj."),
        ("Viņi ieradās nedaudz agrāk.", "Viņi ieradās neaudz agrāk."),
        ("No 24. līdz 25.martam notiks mācības.", "No 24. līdz 25.matam notiks mācības."),
        ("Piecās kārtās iegūti punkti.", "Picās kārtās iegūti punkti."),
        ("Darbs iespējams arī vasarā.", "Darbs iesējams arī vasarā."),
        ("Ministrs zinātu atbildi.", "Ministrs zintu atbildi."),
        ("Ministrs lemj.\n\nSkatīts 17 reizes", "Ministrs lemj.\n\nSkatīts 908 reizes"),
        ("Ministrs lemj.\n\nFoto: Jānis Lejiņš", "Ministrs lemj.\n\nFoto: Anna Kalniņa"),
        ("Ministrs lemj.", "Ministrs lemj.\n\nLasīts: 5"),
    ],
)
def test_nothing_is_said_otherwise(older: str, newer: str) -> None:
    assert 0 < edit(older, newer).weight < MINOR
    assert edit(older, newer).kinds == ("minor",)


def subjects(older: str, newer: str) -> list[str]:
    return [reason.subject for change in edit(older, newer).changes for reason in change.reasons]


@pytest.mark.parametrize(
    ("older", "newer", "subject"),
    [
        ("Diena sākas labi.", "Sanāksme sākas labi.", "wording"),  # the first word of a sentence
        ("Sēdē: diena sākas.", "Sēdē: Tēja sākas.", "wording"),
        ("NBS piedalās mācībās.", "VUGD piedalās mācībās.", "name"),
        ("Ķiršers piedalās mācībās.", "Žubers piedalās mācībās.", "name"),  # in no dictionary
        ("A grupa piedalās.", "B grupa piedalās.", "wording"),
        ("Sēdē runā Anna.", "Sēdē runā Zane.", "name"),
        ("Viens teikums te stāv. Otrs ir liels.", "Otrs ir liels. Viens teikums te stāv.", "order"),
        ("Viens teikums te stāv.", "Viens  teikums te stāv.", "spacing"),
        ("Sēde sākas.", "Sēde\u00a0sākas.", "spacing"),
        ("Sākums plkst. 9.00.", "Sākums plkst. 09:00.", "spacing"),
    ],
)
def test_the_subject_of_a_change(older: str, newer: str, subject: str) -> None:
    assert subjects(older, newer) == subjects(newer, older) == [subject]


@pytest.mark.parametrize(
    ("older", "newer", "kinds"),
    [
        (date(2026, 3, 1), date(2026, 3, 2), ("date",)),
        (None, date(2026, 3, 2), ()),
        (date(2026, 3, 1), None, ()),
        (date(2026, 3, 1), date(2026, 3, 1), ()),
    ],
)
def test_another_stated_day_is_a_changed_date(
    older: date | None, newer: date | None, kinds: tuple[str, ...]
) -> None:
    texts = [VersionText("Sēde", "", "Sēde ir slēgta.", published=day) for day in (older, newer)]
    assert compare(*texts, "lv").kinds == kinds


def test_texts_that_are_equal_have_no_change() -> None:
    record = edit("Sēde sākas.", "Sēde sākas.")
    assert (record.weight, record.kinds, record.changes) == (0, (), ())


WORDS = "viens otrs trešs mazs liels garš īss plats šaurs".split()
OTHERS = "sarkans zils zaļš melns".split()


@pytest.mark.parametrize(
    ("lost", "gained", "is_clause"),
    [(7, 0, False), (8, 0, True), (8, 2, True), (8, 3, False), (9, 3, True), (9, 4, False)],
)
def test_a_sentence_that_loses_eight_words_loses_a_clause(lost: int, gained: int, is_clause: bool) -> None:
    frame = "Sēdē nolēma, ka darbs tiks {} pabeigts laikā un labi arī šogad."
    longer, shorter = frame.format(" ".join(WORDS[:lost])), frame.format(" ".join(OTHERS[:gained]))
    assert subjects(longer, shorter) == ["sentence_removed" if is_clause else "wording"]
    assert subjects(shorter, longer) == ["sentence_added" if is_clause else "wording"]


@pytest.mark.parametrize(
    ("older", "newer", "kind"),
    [
        ("Sēde notiks 5. jūnijā.", "Sēde notiks 5. jūlijā.", "date"),
        ("Lems piecas skolas.", "Lems sešas skolas.", "number"),
        ("Darbs ir paredzēts vasarā.", "Darbs ir paredzēt vasarā.", "negation"),
    ],
)
def test_two_facts_one_letter_apart_are_two(older: str, newer: str, kind: str) -> None:
    assert edit(older, newer).kinds == (kind,)


def linked(*links: tuple[str, str], body: str = "Skatīt plānu.") -> VersionText:
    return VersionText("Sēde", "", body, links)


PLAN, OTHER_PLAN = ("plānu", "https://iem.example/1.pdf"), ("plānu", "https://iem.example/2.pdf")


@pytest.mark.parametrize(
    ("older", "newer", "reasons"),
    [
        (linked(PLAN), linked(OTHER_PLAN), [("link", PLAN[1], OTHER_PLAN[1])]),
        (linked(), linked(PLAN), [("link", "", PLAN[1])]),
        (linked(PLAN, PLAN), linked(PLAN), [("link", PLAN[1], "")]),
        (linked(PLAN), linked(PLAN, body="Skatīt plānu !"), [("spacing", "", "")]),
        # A link of a sentence that is gone is told by that.
        (linked(PLAN), linked(body="Sēde."), [("sentence_removed", "", ""), ("sentence_added", "", "")]),
        (
            linked(PLAN, body="Skatīt 5 plānu."),
            linked(OTHER_PLAN, body="Skatīt 6 plānu."),
            [("number", "5", "6"), ("link", PLAN[1], OTHER_PLAN[1])],
        ),
    ],
)
def test_a_link_that_leads_elsewhere_is_a_reason(
    older: VersionText, newer: VersionText, reasons: list[tuple[str, str, str]]
) -> None:
    changes = compare(older, newer, "lv").changes
    told = [(one.subject, one.older, one.newer) for change in changes for one in change.reasons]
    assert told == reasons


def test_a_past_is_no_conditional() -> None:
    (change,) = edit("Es sapratu likumu labi.", "Es saprotu likumu labi.").changes
    assert "modality" not in [reason.subject for reason in change.reasons]


@pytest.mark.parametrize("part", ["title", "body"])
@pytest.mark.parametrize("length", [100, 1_000, 1_200, 3_000, 50_000])
def test_the_difference_of_long_sentences_is_quoted(part: str, length: int) -> None:
    words = " ".join(f"vārds{chr(97 + place % 23)}" for place in range(length // 7))
    older, newer = (f"Padome {words} piešķir {sum_} eiro skolai {words}" for sum_ in ("1 800", "2 300"))
    change = compare(
        *(VersionText(**{"title": "", "lead": "", "body": ""} | {part: text}) for text in (older, newer)),
        "lv",
    ).changes[0]
    assert ("1 800 eiro" in change.older, "2 300 eiro" in change.newer) == (True, True)
    assert Reason("amount", "1 800 eiro", "2 300 eiro") in change.reasons
    assert max(len(change.older), len(change.newer)) <= SENTENCE_CHARS + 2


def test_split_sentence_is_not_removed() -> None:
    record = edit(
        "Sēde notiks pirmdien. Darbs sāksies rudenī.", "Sēde notiks pirmdien, un darbs sāksies rudenī."
    )
    assert (record.removed, record.added, record.changed) == (0, 0, 1)
    assert record.weight < 20


def test_removed_sentences_in_a_row_are_a_passage() -> None:
    record = edit("Viens teikums te stāv. Otrs teikums ir liels. Trešais ir mazs.", "Trešais ir mazs.")
    (change,) = record.changes
    assert (change.reasons[0].subject, record.removed) == ("passage_removed", 2)
    assert change.older == "Viens teikums te stāv. Otrs teikums ir liels."


@pytest.mark.parametrize(
    ("older", "newer", "shown"),
    [
        # Neighbours as they stand, whatever is between them.
        ("Viens teikums te stāv.\n\nOtrs teikums ir liels.\nTrešais ir mazs.", "Trešais ir mazs.",
         ["Viens teikums te stāv.\n\nOtrs teikums ir liels."]),
        ("Viens teikums te stāv. Trešais ir mazs. Otrs teikums ir liels.", "Trešais ir mazs.",
         ["Viens teikums te stāv.", "Otrs teikums ir liels."]),
    ],
)  # fmt: skip
def test_a_passage_is_quoted_as_it_stands(older: str, newer: str, shown: list[str]) -> None:
    for part in ("lead", "body"):
        texts = [VersionText("Ziņa", **{"lead": "", "body": "", part: text}) for text in (older, newer)]
        changes = compare(*texts, "lv").changes
        assert [change.older for change in changes] == shown
        assert [change.part for change in changes] == [part] * len(shown)
        assert [older[slice(*change.older_at)] for change in changes] == shown


def test_place_of_a_change_is_in_its_part() -> None:
    older, newer = (
        "Pirmais teikums. Atnāca 5 cilvēki.",
        "Jauns teikums par to. Pirmais teikums. Atnāca 9 cilvēki.",
    )
    change = edit(older, newer).changes[0]
    assert older[slice(*change.older_at)] == change.older == "Atnāca 5 cilvēki."
    assert newer[slice(*change.newer_at)] == change.newer == "Atnāca 9 cilvēki."


def test_title_and_lead_are_kinds_of_their_own() -> None:
    older, newer = (
        VersionText("Par sēdi", "Ievada teikums.", ""),
        VersionText("Par darbu", "Ievada vārdi.", ""),
    )
    assert [change.reasons[0].subject for change in compare(older, newer, "lv").changes] == ["title", "lead"]


PIECES = {
    "other sentences": "Te stāv a{0} un b{1} vai c{2}. ",
    "counted lines": "Rīga {0}\n",
    "no sentences": "vārds{0} ",
    "short sentences": "A{0}. ",
    "one letter": "a ",
}


def _text(piece: str, length: int, first: int) -> str:
    numbers = range(first, first + length // 2)
    return "".join(piece.format(number, number + 1, number + 2) for number in numbers)[:length]


@pytest.mark.sweep
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_work_grows_with_the_length_of_the_texts(piece: str) -> None:
    def steps(length: int) -> int:
        texts = _text(piece, length, 0), _text(piece, length, 10**6)
        return calls(lambda: edit(*texts))

    assert steps(80_000) < 6 * steps(20_000) + 20_000


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["lv", "en", "ru"]))
def test_any_texts_are_compared(older: str, newer: str, language: Language) -> None:
    record = edit(older, newer, language)
    assert 0 <= record.weight <= 100
    assert (record.weight == 0) == (older == newer)


@given(st.text("Rīga 5.\n,ne", max_size=80))
def test_a_text_equals_itself(text: str) -> None:
    assert edit(text, text) == EditRecord(weight=0, kinds=(), changes=(), added=0, removed=0, changed=0)
