"""The answer of a best bet as it is shown: a release of the store, or an address."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from crawler.config import Language
from crawler.store import Store, StoredRelease
from crawler.urls import canonical
from index.best_bets.bet_file import BestBet
from preses_relizes.shared.masking import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenAnswer:
    """An answer that the operator chose."""

    title: str
    url: str
    """The original of the release, or the address of the bet."""
    text: str = ""
    release: str = ""
    """The id of the release; empty for an address."""
    ministry: str = ""
    published: date | None = None
    language: Language | None = None
    """The language of the release; None for an address."""


def answer_of(bet: BestBet, store: Store) -> ChosenAnswer | None:
    """Return the answer of *bet*; None if its release is unknown or hidden."""
    if bet.url:
        return ChosenAnswer(title=bet.title or bet.url, url=bet.url, text=bet.text or "")
    stored = _find(bet, store)
    if stored is None or stored.state == "hidden":
        return None
    release = stored.release
    return ChosenAnswer(
        title=bet.title or mask(release.title),
        url=release.original,
        text=bet.text or "",
        release=stored.id,
        ministry=release.ministry,
        published=release.published,
        language=release.language,
    )


def find_dangling(
    bets: Iterable[BestBet], store: Store, *, indexed: Collection[str], today: date
) -> Iterator[BestBet]:
    """Yield the *bets* that have not expired *today* and whose release is not among the *indexed* ids."""
    for bet in bets:
        if bet.release and not (bet.until and bet.until < today):
            stored = _find(bet, store)
            if stored is None or stored.id not in indexed:
                yield bet


def _find(bet: BestBet, store: Store) -> StoredRelease | None:
    return store.find(canonical(bet.release)) if "://" in bet.release else store.get(bet.release)
