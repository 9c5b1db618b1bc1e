"""What is matched is what the page would show: the search itself is the oracle."""

from dataclasses import replace
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from index.edits import MINOR
from index.register import CalendarFilter
from searcher.corrections import CorrectionListParams, read_corrections
from searcher.subscriptions.mail_ledger import NewsProgress
from searcher.subscriptions.matching import due_key, match, read_batch, read_dues
from searcher.subscriptions.topic import read_topic
from tests.support.post_office import PostOffice
from tests.support.stored_release import publish

SEARCHES = (
    "", "q=drošība", "q=dro*", "q=drošība+jūra", "q=jūra", 'q="', "q=-jūra+drošība", 'q="drošība+jūrā"',
    "ministry=Iekšlietu+ministrija", "ministry=Nav", "from=2026-03", "to=2025", "q=drošība&from=2026-03-02",
    "has=edited", "language=en", "q=safety", "q=gavilēšana", "q=virsraksts:drošība", "q=xqzw",
    "q=drosiba&verbatim=true", "q=drošība&versions=true", "q=līksme", "q=jūra+xqzw", "q=%3A(((",
)  # fmt: skip
NEW = (
    publish("n1", "Drošība jūrā", "Par drošību un jūru runāja ostā.", date(2026, 3, 9)),
    publish("n2", "Līksme ostā", "Līksme par jauno kuģi.", date(2026, 3, 8)),
    publish("n3", "Jūras diena", "Svētki krastā, drošības mācības.", date(2026, 3, 1)),
    replace(
        publish("n4", "Safety at sea", "Safety first, said the minister.", date(2026, 3, 9)), language="en"
    ),
    publish("n5", "Bez datuma", "Ziņa bez datuma par drošību."),
    replace(
        publish("n6", "Drošība jūrā", "Par drošību un jūru runāja ostā.", date(2026, 3, 9)),
        site="mk",
        ministry="Valsts kanceleja",
    ),  # a copy of the first
)


def first(office: PostOffice) -> None:
    """Look at what is there, and count it as known."""
    batch = read_batch(office.service, None, set(), now=int(office.now.timestamp()))
    assert batch
    office.desk.ledger.add_news((), batch.known, batch.progress, oldest=0, now=0)


def batch_of(office: PostOffice):  # type: ignore[no-untyped-def]
    found = read_batch(
        office.service,
        office.desk.ledger.progress(),
        office.desk.ledger.known(),
        now=int(office.now.timestamp()),
    )
    assert found
    return found


@pytest.mark.oracle
@pytest.mark.parametrize("language", ["lv", "en", "ru"])
def test_new_releases_are_matched_as_the_search_shows_them(office: PostOffice, language: str) -> None:
    first(office)
    office.wait(hours=1)
    office.save(*NEW)
    batch, matched = batch_of(office), 0
    assert len(batch.releases) == len(NEW)
    for query in SEARCHES:
        topic = read_topic(f"search?{query}", language)
        found = {one.item for one in match(office.service, topic, batch)}
        params = topic.search.model_copy(update={"per_page": 100})
        shown = {hit.id for hit in office.service.search(params, face=language).results.hits}
        assert found == shown & batch.releases.keys(), query
        matched += len(found)
    assert matched > 40


@pytest.mark.oracle
@pytest.mark.parametrize(
    "query", ["", "kind=number", "kind=minor", "weight=60", "ministry=Nav", "from=2027", "days=2-"]
)
def test_new_edits_are_matched_as_the_page_of_corrections_lists_them(office: PostOffice, query: str) -> None:
    office.save(*NEW)
    first(office)
    office.wait(days=2)
    office.save(
        replace(NEW[0], body="Par drošību un jūru runāja 3 ostās."),
        replace(NEW[1], body="Līksme par jauno  kuģi ."),
        replace(NEW[2], title="Jūras svētki"),
    )
    batch = batch_of(office)
    topic = read_topic(f"corrections?{query}", "lv")
    listed = read_corrections(office.service, CorrectionListParams.read_known(MultiDict(topic.pairs)))
    shown = {f"{edit.release} {edit.version}" for edit in listed.edits}
    assert {one.item for one in match(office.service, topic, batch)} == shown & batch.edits.keys()
    assert len(batch.edits) == 3


def test_dates_of_new_releases_are_matched(office: PostOffice) -> None:
    first(office)
    office.wait(hours=1)
    office.save(
        publish("d", "Pieteikumi", "Pieteikumus var iesniegt līdz 2026. gada 20. martam.", date(2026, 3, 9))
    )
    batch = batch_of(office)
    kinds = ("", "?kind=deadline", "?kind=event", "?to=2026-03-10", "?from=2026-04")
    counts = [len([*match(office.service, read_topic(f"calendar{kind}", "lv"), batch)]) for kind in kinds]
    assert counts == [1, 1, 0, 0, 0]


def test_what_was_known_is_not_new_again(office: PostOffice) -> None:
    first(office)
    office.save(*NEW[:2])
    batch = batch_of(office)
    office.desk.ledger.add_news((), batch.known, batch.progress, oldest=batch.oldest, now=0)
    office.save(replace(NEW[0], body="Par drošību un jūru runāja 3 ostās."), NEW[2])
    batch = batch_of(office)
    assert len(batch.releases) == 1
    assert len(batch.edits) == 1


def test_nothing_is_read_until_the_index_changes(office: PostOffice) -> None:
    first(office)
    progress = office.desk.ledger.progress()
    assert progress is not None
    assert read_batch(office.service, progress, set(), now=int(office.now.timestamp())) is None


def test_a_store_that_counts_its_changes_anew_is_read_from_its_beginning(office: PostOffice) -> None:
    first(office)
    was = office.desk.ledger.progress()
    assert was is not None
    office.save(NEW[0])
    now = int(office.now.timestamp())
    later = NewsProgress(was.number + 1_000, was.reached)
    found = read_batch(office.service, later, office.desk.ledger.known(), now=now)
    assert found is not None
    assert (len(found.releases), found.progress.number) == (1, office.service.engine.info().number)


def test_a_minor_edit_is_no_news_of_a_search(office: PostOffice) -> None:
    office.save(*NEW[:2])
    first(office)
    office.wait(days=2)
    office.save(
        replace(NEW[0], body="Par drošību un jūru runāja 3 ostās."),
        replace(NEW[1], body="Līksme par jauno  kuģi ."),
    )
    batch, topic = batch_of(office), read_topic("search?", "lv")
    weights = {key: edit.weight for key, edit in batch.edits.items()}
    found = [one.item for one in match(office.service, topic, batch)]
    assert found == [key for key, weight in weights.items() if weight >= MINOR]
    assert len(weights) == len(found) + 1 == 2


def test_times_are_read_by_their_keys_the_earliest_first(office: PostOffice) -> None:
    office.save(
        publish("d", "Pieteikumi", "Pieteikumus var iesniegt līdz 2026. gada 20. martam.", date(2026, 3, 9)),
        publish("e", "Vēlāk", "Pieteikumus var iesniegt līdz 2026. gada 19. martam.", date(2026, 3, 9)),
    )
    every = office.service.register.due(CalendarFilter(first=date(2026, 3, 19), last=date(2026, 3, 20)))
    keys = [due_key(one) for one in every]
    assert len(set(keys)) == 2
    assert [one.last.day for one in read_dues(office.service, keys)] == [19, 20]
    assert [due_key(one) for one in read_dues(office.service, keys[1:])] == keys[1:]
    assert read_dues(office.service, ["x 2026-03-20"]) == ()
