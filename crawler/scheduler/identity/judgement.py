"""Is a reading the release that is stored at its address? How sure that is decides when it is taken."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.config import Language
from crawler.extraction import DiscoveredUrl
from crawler.scheduler.identity.flicker import is_flicker
from crawler.scheduler.identity.resemblance import (
    TITLE_SHARE,
    TITLE_WORDS_MIN,
    fits,
    has_lent_title,
    has_own_day,
    have_same_day,
    overlap,
    share_of_title,
    words,
)
from crawler.store import Release
from crawler.store.pending_change_rows import Identity

# A reading with less of its text shared and no title in common may be any page of that day.
TEXT_SHARE_MIN = 0.15
# A reading almost all of which is in the stored text is a part of it.
PART_SHARE = 0.8

# Letters of Latvian, if the encoding of a page is mistaken, are partly these.
_UNREADABLE = re.compile("[\x80-\x9f\ufffd]")

# An edit of the title leaves half of it.
EDITED_TITLE_SHARE = 0.5

# The fields whose rule must be as before: they make up the text.
_RULES = ("title", "body")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely a reading is the release of its address, and why it is not taken at once."""

    identity: Identity
    doubt: str = ""


SAME = Judgement("same")
OLD_ADDRESS = "an old address"


def judge(
    stored: Release,
    reading: Release,
    mention: DiscoveredUrl | None,
    *,
    is_cut: bool,
    earlier: Sequence[Release] = (),
    main_language: Language | None = None,
    is_young: bool = False,
) -> Judgement:
    """Judge a *reading* that differs from the *stored* release of the same address.

    *mention* is what a list gives for the address, *earlier* are the texts that the release had before,
    newest first; *main_language* is that of most releases of the site. A release *is_young* that was stored
    a few days ago, and may never have been read rightly. `same` may be taken at once, `likely` if the next
    day's reading is the same, `possible` if the third day's is; `strange` waits for the operator.
    """
    if is_cut:
        return Judgement("strange", "the page is cut short")
    if fits(mention, reading) and fits(mention, stored) is False:
        # The stored text never was that of this release, or list and page are both another site's for a day.
        is_sure = not has_own_day(stored) or overlap(stored, reading).is_most
        return SAME if is_sure else Judgement("likely", "is what the list gives, as the stored one is not")
    if any((old.title, old.body) == (reading.title, reading.body) for old in earlier):
        return Judgement("likely", "shows an earlier version")
    if overlap(stored, reading).is_most:
        return next(_doubt_edit(stored, reading, mention, earlier), SAME)
    if any(overlap(old, reading).is_most for old in earlier):
        return Judgement("likely", "is like an earlier version")
    return next(_doubt_other_text(stored, reading, mention, main_language, is_young=is_young))


def _is_titled_by(mention: DiscoveredUrl | None, release: Release) -> bool:
    """Whether *release* has exactly the words of the title that a list gives."""
    listed = words(mention.title or "") if mention and not has_lent_title(release) else []
    return len(listed) >= TITLE_WORDS_MIN and listed == words(release.title)


def _given_only_as_read(stored: Release, reading: Release, mention: DiscoveredUrl | None) -> str:
    """Return what a list gives as the *reading* has it, and the *stored* release has not; empty: nothing."""
    if _is_titled_by(mention, reading) and not _is_titled_by(mention, stored):
        return "title"
    return "day" if fits(mention, reading) and not fits(mention, stored) else ""


def _contradiction(stored: Release, reading: Release, mention: DiscoveredUrl | None) -> str:
    """Return what a list gives as stored, and the reading otherwise; empty: nothing."""
    if fits(mention, reading) is False and fits(mention, stored):
        return f"has the title {reading.title!r}, which the list does not give"
    if mention and mention.published and reading.published != mention.published == stored.published:
        return f"is dated {reading.published}, by the list {mention.published}"
    return ""


def _doubt_edit(
    stored: Release, reading: Release, mention: DiscoveredUrl | None, earlier: Sequence[Release]
) -> Iterator[Judgement]:
    """Yield what is doubtful in a reading that has most of the stored text, the gravest first."""
    if doubt := _contradiction(stored, reading, mention):
        yield Judgement("possible", doubt)
    if has_lent_title(reading) and not has_lent_title(stored):
        yield Judgement("possible", "has no title of its own any more")
    if reading.language != stored.language:
        yield Judgement("likely", f"in another language ({reading.language})")
    if len(_UNREADABLE.findall(reading.body)) > len(_UNREADABLE.findall(stored.body)):
        yield Judgement("likely", "has letters that were read in a wrong encoding")
    if not _have_same_rules(stored, reading) and not overlap(stored, reading).is_all:
        yield Judgement("likely", "was found by other rules of the template")
    if stored.published != reading.published and share_of_title(stored, reading) < EDITED_TITLE_SHARE:
        yield Judgement("likely", "has another title and day")
    if earlier and is_flicker(stored, reading, earlier[0]):
        yield Judgement("likely", "changes again where it changed last")


def _doubt_other_text(
    stored: Release,
    reading: Release,
    mention: DiscoveredUrl | None,
    main_language: Language | None,
    *,
    is_young: bool,
) -> Iterator[Judgement]:
    """Yield what a reading may be that lacks most of the stored text, or has as much of its own."""
    if given := _given_only_as_read(stored, reading, mention):
        yield Judgement("likely", f"has the {given} that the list gives, and the stored one has not")
    shared = overlap(stored, reading)
    is_lent = has_lent_title(reading) and not has_lent_title(stored)
    has_same_title = share_of_title(stored, reading) >= TITLE_SHARE and not is_lent
    if has_same_title and shared.kept >= PART_SHARE:
        yield Judgement("likely", "has more text than before")
    if reading.language != stored.language and reading.language == main_language:
        yield Judgement("likely", f"is in the language of the site ({main_language}) again")
    # A first crawl may have met most pages in another language.
    if is_young and stored.language != reading.language == "lv" and have_same_day(stored, reading):
        yield Judgement("likely", "is in Latvian")
    if reading.language != stored.language:
        yield Judgement("strange", f"in another language ({reading.language})")
    sure: Identity = "likely" if is_young else "possible"
    if shared.kept <= 0.5 and shared.taken >= PART_SHARE:
        yield Judgement(sure if has_same_title else "possible", "shows only a part of the text")
    if has_same_title:
        yield Judgement(sure, "has another text under the same title")
    if max(shared.kept, shared.taken) >= TEXT_SHARE_MIN and have_same_day(stored, reading):
        yield Judgement(sure, "has another title and text of the same day")
    if is_lent:
        yield Judgement("strange", "shows another text, and no title of its own")
    yield Judgement("strange", f"shows {reading.title!r}, which shares neither title nor text")


def judge_new(reading: Release, mention: DiscoveredUrl | None, *, is_of_another: bool) -> Judgement:
    """Judge a *reading* at an address where nothing is stored yet; it is `same`, or waits as `strange`.

    *is_of_another*: its title is what lists give for another address.
    """
    if is_of_another or fits(mention, reading) is False:
        listed = mention.title if mention else ""
        return Judgement("strange", f"shows {reading.title!r}; the list calls it {listed!r}")
    return SAME


def judge_alias(stored: Release, reading: Release, mention: DiscoveredUrl | None) -> Judgement | None:
    """Judge a *reading* of a further address of a *stored* release, which may be a release of its own.

    None: it may be another version of the stored one, of which only that one's own address says what it is.
    """
    if is_meant(mention, reading, stored):
        # An edit of the release, which its own address will show, too, may have a title that is listed; list
        # and page may both be another site's for a day.
        return Judgement("likely", f"{OLD_ADDRESS} of {stored.url} that shows another text")
    is_dated = mention is not None and has_own_day(reading) and reading.published != stored.published
    doubt = f"{OLD_ADDRESS} of {stored.url} that shows {reading.title!r}"
    if judge(stored, reading, None, is_cut=False).identity != "strange":
        # Releases of a series have one title.
        is_own = is_dated and not overlap(stored, reading).is_most
        return Judgement("likely", doubt) if is_own else None
    # A list leads to it, without a title or day that tells one release from another.
    return Judgement("likely" if is_dated and not fits(mention, stored) else "strange", doubt)


def is_meant(mention: DiscoveredUrl | None, reading: Release, stored: Release) -> bool:
    """Whether a list speaks of *reading* rather than of *stored*, which may have the same title."""
    has_the_day = _is_of_listed_day(mention, reading) and not _is_of_listed_day(mention, stored)
    has_the_title = _is_titled_by(mention, reading) and not _is_titled_by(mention, stored)
    return bool(fits(mention, reading)) and (has_the_day or has_the_title or not fits(mention, stored))


def _is_of_listed_day(mention: DiscoveredUrl | None, release: Release) -> bool:
    """Whether a list gives the day of the page; releases of a series have one title."""
    return mention is not None and mention.published == release.published and has_own_day(release)


def _have_same_rules(stored: Release, reading: Release) -> bool:
    before, now = dict(stored.rules), dict(reading.rules)
    return all(before.get(name) == now.get(name) for name in _RULES)
