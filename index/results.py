"""The results of an engine: hits with passages, facets, histograms, explanations."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field

from crawler.config import Language
from index.query import Expansion, Interval


class Passage(Struct, frozen=True, gc=False):
    """An excerpt of a release; the half-open spans ``marks`` (in characters of ``text``) match the query."""

    text: str
    marks: tuple[tuple[int, int], ...]
    related_to: tuple[str, ...] = ()
    """Of each mark the typed words to which its own are related, "" if these were typed; empty: all were."""


class Stood(Struct, frozen=True, kw_only=True, gc=False):
    """A period in which a text stood on its site: from between ``after`` and ``since`` (UTC)."""

    release: str
    """The id of the release that had it, which no merge changes."""
    first: int
    """The number of its version then; of several in a row that match, of the first."""
    last: int
    presumed: date | None
    """The day from which it presumably stood, though nobody saw it before ``since``: of a first text that of
    its publication."""
    after: datetime | None
    """When its site last had another text, or none; None: unknown."""
    since: datetime
    """When it was first read."""
    seen: datetime | None
    """When the site was last seen to have it; None: unknown, or the engine leaves it open as it still has."""
    until: datetime | None
    """When another text was first read or the removal was noticed; None: it still stands."""
    times: int = 1
    """How often it came: a site that goes back to one text again and again has it in one period."""
    observed: bool | None = None
    """Of a search for what stood on some days: whether a visit before or on them, and one then or later, saw
    it; False: it presumably stood then. None: no days were asked for."""

    @property
    def is_past(self) -> bool:
        """Whether the text no longer stands on its site."""
        return self.until is not None


class Translation(Struct, frozen=True, kw_only=True, gc=False):
    """The same release in another language."""

    id: str
    language: Language
    title: str


class Hit(Struct, frozen=True, kw_only=True, gc=False):
    """One release that matches; a higher ``score`` (BM25F, unitless) is more relevant."""

    id: str
    url: str
    title: Passage
    passages: tuple[Passage, ...]
    """Best first; at least one if the release has a text."""
    published: date | None
    site: str
    ministry: str
    language: Language
    score: float
    also_published_by: tuple[str, ...] = ()
    """The ministries of the near-duplicates that are collapsed into this hit."""
    gone: bool = False
    edited: bool = False
    translations: tuple[Translation, ...] = ()
    """The same release in other languages, as far as the index has them."""
    machine_translated: bool = False
    """As its page states."""
    stood: tuple[Stood, ...] = ()
    """Of a search through time: when its texts that match stood on the site, oldest first; of
    more than ``STOOD_MAX`` periods the newest. Versions in a row are one period, but for ``version``."""
    matched: Stood | None = None
    """Of a search through time: when the text stood that title and passages are from."""

    @property
    def version(self) -> tuple[str, int] | None:
        """Of a search through time: the release and the number of the version that the marks are from."""
        return (self.matched.release, self.matched.first) if self.matched else None

    @property
    def is_past(self) -> bool:
        """Whether title and passages are from a text that no longer stands on its site."""
        return self.matched is not None and self.matched.is_past


STOOD_MAX = 50


class Appearance(Struct, frozen=True, kw_only=True, gc=False):
    """When a text that matches a query first appeared on a site, and last stood there."""

    releases: int
    """The number of releases that ever had such a text; near-duplicates count once."""
    standing: int
    """The number of those that have it now."""
    first: Hit | None
    """The release that had it first, with that one stay; None: no text matches."""
    last: Hit | None
    """The release in which it stood last, or the newest of those in which it still stands."""


class ListedRelease(Struct, frozen=True, kw_only=True, gc=False):
    """A release as the index holds it, with its text; telephone numbers and e-mail addresses are masked."""

    id: str
    url: str
    title: str
    lead: str
    body: str
    published: date | None
    site: str
    ministry: str
    language: Language
    also_published_by: tuple[str, ...]
    """The ministries of the near-duplicates that this release stands for."""
    gone: bool
    edited: bool
    machine_translated: bool
    stood: Stood | None = None
    """Of a search through time: when the text stood, which may be an earlier one."""


class FacetValue(Struct, frozen=True, gc=False):
    """A value of a field, and the number of matching releases that have it."""

    value: str
    count: int


Facets = Mapping[str, tuple[FacetValue, ...]]
"""By name of the filter, and ``year``; values by descending count, then by name. Of a filter of the kind
``set``, the most frequent and those chosen."""


class PeriodCount(Struct, frozen=True, gc=False):
    """A day, month or year, and the number of matching releases published in it."""

    first: date
    last: date
    count: int


class Histogram(Struct, frozen=True, gc=False):
    """Exact counts of the matching releases by period, in order; empty periods are left out."""

    interval: Interval
    periods: tuple[PeriodCount, ...]


class Results(Struct, frozen=True, kw_only=True, gc=False):
    """A page of hits; ``total`` and the facets are exact. Each facet ignores the filter on its own field."""

    hits: tuple[Hit, ...]
    total: int
    unaccented: int = 0
    """Further releases match if words typed without diacritics are read with them: `tiesa` as *tieša*. They
    are near. 0 if nothing matches as typed: then they are the hits."""
    facets: Facets = field(default_factory=dict)
    histogram: Histogram | None = None
    """Set if the query asks for one; counts only hits that pass all filters."""
    cursor: str | None = None
    """The cursor of the next page, if the query has a cursor; None on the last page."""
    widened: bool = False
    """Whether the query was relaxed because nothing matches all of it; the hits then match most of it."""
    nearest: tuple[Hit, ...] = ()
    """Releases near what was asked, in the order asked for, that fill a first page with
    few hits. ``total`` and the facets do not count them."""
    near: int = 0
    """The number of releases near what was asked, shown or not; 0 unless the hits are few."""
    expansions: tuple[Expansion, ...] = ()
    """The related terms that are marked in the hits or in ``nearest``; empty if enough match as typed."""
    took_ms: float = 0.0


class TermScore(Struct, frozen=True, kw_only=True, gc=False):
    """The contribution of a word to a score in one field: the weighted BM25F of its best term there."""

    field: str
    """``lemma``: any form of the word; ``stem``: words with the same stem; ``exact``: the form as typed."""
    term: str
    frequency: float
    """Occurrences in the release; those in the title and the lead count more than once."""
    releases: int
    """Number of releases that contain it; a rarer term scores higher."""
    score: float


class WordScore(Struct, frozen=True, kw_only=True, gc=False):
    """The contribution of one word of the query to a score."""

    text: str
    """As typed."""
    score: float
    terms: tuple[TermScore, ...]


class Explanation(Struct, frozen=True, kw_only=True, gc=False):
    """A score explained: the sum of the words, times the factors for recency, proximity and language."""

    score: float
    recency: float
    """1 for old and undated releases, a little more for recent ones."""
    proximity: float
    """1, or a little more if adjacent words of the query are adjacent in the release."""
    language: float = 1.0
    """1, or much less for a release in another language than the query."""
    words: tuple[WordScore, ...]


class Coverage(Struct, frozen=True, kw_only=True, gc=False):
    """The releases of an institution in the index."""

    ministry: str
    site: str
    """The site of its newest release."""
    releases: int
    """As the facet of the institutions counts them: a release and its translation once."""
    first: date | None
    """The day of its oldest release; None if none has a date."""
    last: date | None


class IndexInfo(Struct, frozen=True, kw_only=True, gc=False):
    """Facts about an index."""

    generation: str
    documents: int
    number: int
    """Every change to the store up to this number is in the index."""
    fingerprint: str
    """Fingerprint of the analysis and the schema it was built with."""
    published: datetime | None = None
    """When it was put into use, or last updated (UTC); None if unknown."""
    damage: str = ""
    """The damage that the last verification of the files found; empty if none."""
    is_fallback: bool = False
    """Whether another index answers in the place of the damaged one in use."""
    hidden: tuple[str, ...] = ()
    """Releases that were hidden since the index was made, and are left out of its answers; ascending."""
