"""200 phrases of an invented site, crawled day by day: each first appeared and last stood when it did."""

from datetime import datetime
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import default_analyzer
from index.engines import IndexBuilder, ServingEngine
from index.query import parse
from index.results import Appearance
from preses_relizes.shared.calendar import riga_day
from tests.support.known_days import DAYS, PHRASES, KnownPhrase, KnownSite, day_of


def day(moment: datetime | None) -> object:
    return riga_day(moment) if moment else None


def told(found: Appearance) -> tuple[object, ...]:
    """Return what an engine says of a phrase."""
    assert found.first is not None
    assert found.last is not None
    [first], [last] = found.first.stood, found.last.stood
    return first.presumed, day(first.since), found.standing > 0, day(last.seen), day(last.until)


def known(phrase: KnownPhrase) -> set[tuple[object, ...]]:
    """Return what it may say."""
    begin = phrase.presumed, day_of(phrase.first)
    if phrase.end is None:
        return {(*begin, True, None, None)}
    return {(*begin, False, day_of(last), day_of(phrase.end)) for last in phrase.lasts}


@pytest.mark.sweep
def test_first_and_last_days_of_phrases_are_exact(
    builder: IndexBuilder, serving: ServingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    site, analyzer = KnownSite(seed=1), default_analyzer()
    with Store.open_readonly(site.crawl(tmp_path)) as store, builder.draft(analyzer) as draft:
        draft.build(store, on_progress=lambda _: None)
        draft.publish()
    phrases = list(site.phrases())
    asked = [parse(f'="{phrase.text}"', analyzer=analyzer, today=day_of(DAYS)) for phrase in phrases]
    answers = {
        phrase.text: told(serving.appearance(query)) for phrase, query in zip(phrases, asked, strict=True)
    }
    assert len(answers) == PHRASES
    wrong = {phrase: answers[phrase.text] for phrase in phrases if answers[phrase.text] not in known(phrase)}
    assert wrong == {}
