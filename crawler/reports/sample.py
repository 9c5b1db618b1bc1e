"""A sample of pages for a person to judge: what was extracted, what was left out, what is doubtful."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from unicodedata import combining, normalize

from crawler.extraction import Extraction, ExtractionJob
from crawler.page import Page
from crawler.reports.markup_change import is_by_fallback
from crawler.scheduler import FetchRecord
from crawler.store import Release
from preses_relizes.shared.calendar import MONTH_NAMES

# A person judges a page in seconds, and a template in minutes.
PAGES_MAX = 100
# A shorter text is a notice, or the beginning of a text that continues on another page.
TEXT_CHARS_MIN = 200
# A block of this length is a paragraph; a shorter one may be a menu, a label or a button.
PARAGRAPH_CHARS = 120
# A shorter block is not a sentence.
LINE_CHARS = 40
# A paragraph on this many pages belongs to the site, not to a release.
SHARED_PAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A block of a page's text, and the field that contains it; empty: none does."""

    text: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledPage:
    """A page of the sample as it was read."""

    site: str
    url: str
    outcome: str
    reason: str
    release: Release | None
    blocks: tuple[TextBlock, ...]
    doubts: tuple[tuple[int, str], ...]
    """Why a person should look at it, each with its weight; the gravest first."""

    @property
    def weight(self) -> int:
        """How doubtful the reading is: the sum of all weights."""
        return sum(weight for weight, _ in self.doubts)


class Sample:
    """Collects the pages of releases that a crawl fetches; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: list[FetchRecord] = []
        self.pages: tuple[SampledPage, ...] = ()
        """The pages as they were read, the most doubtful first; empty before `read`."""

    def add(self, records: Sequence[FetchRecord]) -> None:
        """Add the releases among *records*, as long as there are fewer than `PAGES_MAX`."""
        with self._lock:
            room = PAGES_MAX - len(self._records)
            self._records += [record for record in records if record.entry.kind == "release"][:room]

    def read(
        self,
        stored_page: Callable[[str], Page | None],
        job_of: Callable[[FetchRecord, Page], ExtractionJob],
        submit: Callable[[ExtractionJob], Future[Extraction]],
    ) -> None:
        """Read the pages again, with all their text.

        *stored_page* returns the page of a URL that was not modified, *submit* starts an extraction.
        """
        waiting = []
        for record in self._records:
            page = record.page if record.page and record.page.body else stored_page(record.entry.url)
            job = page and replace(job_of(record, page), wants_text=True)
            waiting.append((record, submit(job) if job else None))
        pages = [_sampled(record, future.result() if future else None) for record, future in waiting]
        self.pages = tuple(sorted(_doubt_shared(pages), key=lambda page: -page.weight))


def _sampled(record: FetchRecord, extraction: Extraction | None) -> SampledPage:
    release = extraction.release if extraction else None
    blocks = tuple(_assign(extraction.page_text, release)) if extraction else ()
    return SampledPage(
        site=record.entry.site,
        url=record.entry.request_url,
        outcome=record.end.outcome,
        reason=record.end.reason,
        release=release,
        blocks=blocks,
        doubts=tuple(sorted(_doubts(record, extraction, blocks), reverse=True)),
    )


def _assign(texts: Iterable[str], release: Release | None) -> Iterator[TextBlock]:
    """Yield a block for each of *texts* with the field of *release* that has its words."""
    fields = _fields_of(release) if release else {}
    days = _spellings(release) if release else ()
    for text in texts:
        field = next((name for name, lines in fields.items() if _is_in(text, lines)), "")
        if not field and len(text) < PARAGRAPH_CHARS and any(day in _fold(text) for day in days):
            field = "published"
        yield TextBlock(text=text, field=field)


def _fields_of(release: Release) -> dict[str, list[str]]:
    """Return each field as a whole, then its lines, all with single spaces."""
    names = ("title", "lead", "body", "contact", "category")
    values = {name: getattr(release, name) or "" for name in names}
    values["attachments"] = "\n".join(attachment.title for attachment in release.attachments)
    return {
        name: [" ".join(line.split()) for line in (value, *value.splitlines())]
        for name, value in values.items()
        if value
    }


def _is_in(text: str, lines: Sequence[str]) -> bool:
    """Whether a field has *text*; a short one must be a line of its own, since menus use the same words."""
    return text in lines or (len(text) >= LINE_CHARS and text in lines[0])


def _spellings(release: Release) -> tuple[str, ...]:
    day = release.published
    if day is None:
        return ()
    months = [name for name, month in MONTH_NAMES.items() if month == day.month]
    in_words = (f"{day.day}{dot} {month}" for month in months for dot in (".", ""))
    return (f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", *in_words)


def _fold(text: str) -> str:
    """Return *text* in lower case without diacritics, as the names of months are spelt."""
    return "".join(letter for letter in normalize("NFD", text.lower()) if not combining(letter))


def _doubts(
    record: FetchRecord, extraction: Extraction | None, blocks: Sequence[TextBlock]
) -> Iterator[tuple[int, str]]:
    if extraction is None:
        yield 100, f"no page: {record.end.reason or record.end.outcome}"
        return
    release = extraction.release
    if release is None:
        yield 100, extraction.detail or extraction.reason or "cannot be read"
        return
    yield from _doubts_about_fields(release)
    if not extraction.is_whole:
        yield 15, "too large, read in part"
    left = [block for block in blocks if not block.field and len(block.text) >= PARAGRAPH_CHARS]
    if left:
        yield min(30, 10 * len(left)), f"long paragraphs left out: {len(left)}"


def _doubts_about_fields(release: Release) -> Iterator[tuple[int, str]]:
    if release.published is None:
        yield 30, "no date"
    elif release.published_confidence != "high":
        yield 15, f"date from {release.published_source}, confidence {release.published_confidence}"
    if len(release.body) < TEXT_CHARS_MIN:
        yield 25, f"short text: {len(release.body)} characters"
    if is_by_fallback("title", release):
        yield 20, "title not found by the template"
    if is_by_fallback("body", release):
        yield 20, "text not found by the template"
    if not release.lead:
        yield 5, "no lead"


def _doubt_shared(pages: Sequence[SampledPage]) -> Iterator[SampledPage]:
    """Yield *pages*, with a doubt about paragraphs that several of them share: these may be boilerplate."""
    shared = Counter((page.site, text) for page in pages for text in set(_paragraphs(page)))
    for page in pages:
        count = sum(shared[page.site, text] >= SHARED_PAGES for text in set(_paragraphs(page)))
        doubt = ((15, f"paragraphs that other pages have, too: {count}"),) if count else ()
        yield replace(page, doubts=tuple(sorted((*page.doubts, *doubt), reverse=True)))


def _paragraphs(page: SampledPage) -> list[str]:
    return page.release.body.split("\n\n") if page.release else []
