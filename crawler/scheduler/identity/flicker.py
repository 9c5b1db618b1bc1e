"""Places of a text that differ in each reading, such as the weather or a counter of views.

Four readings in a row show one: each differs from the one before, and from the stored text, at the same
place. The release is then settled without it: the place stays as it was stored. After three readings, a true
edit may have followed another page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from crawler.store import Release
from crawler.store.pending_change_rows import Place

# The date of publication, if it is another one in each reading.
DAY: Place = ("", "published")
TIMES_MIN = 2
# A place that is more of the text than this is not beside the release, it is the release.
SHARE_MAX = 0.25
CHARS_MIN = 120  # except in short texts


def steady(stored: Release, reading: Release, places: tuple[Place, ...]) -> Release:
    """Return *reading* with the text of *stored* at *places*."""
    if not places:
        return reading
    if DAY in places:
        reading = replace(
            reading,
            published=stored.published,
            published_source=stored.published_source,
            published_confidence=stored.published_confidence,
        )
    before, after = _paragraphs(stored), _paragraphs(reading)
    text: list[str] = []
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        is_left = tag != "equal" and _place(before, i1, i2) in places
        text += before[i1:i2] if is_left else after[j1:j2]
    lead = text[:1] if reading.lead else []
    return replace(reading, lead="".join(lead), body="\n\n".join(text[len(lead) :]))


def count_flicker(
    stored: Release, earlier: Release, reading: Release, known: Mapping[Place, int]
) -> dict[Place, int]:
    """Return how often each place differed from *stored* and from the reading before, *known* and now.

    A place that shows the same twice is no longer one: what it shows is an edit.
    """
    then, now = differences(stored, earlier), differences(stored, reading)
    found = {place for place, text in now.items() if place in then and then[place] != text}
    still = {place for place, text in now.items() if then.get(place) == text}
    places = sorted({*known, *found} - still)
    return {place: known.get(place, 0) + (place in found) for place in places}


def flickering(times: Mapping[Place, int]) -> tuple[Place, ...]:
    """Return the places that have differed often enough."""
    return tuple(place for place, count in times.items() if count >= TIMES_MIN)


def is_flicker(stored: Release, reading: Release, earlier: Release) -> bool:
    """Whether *reading* differs from *stored* only where *stored* differs from an *earlier* text."""
    now = differences(stored, reading)
    return bool(now) and now.keys() <= differences(stored, earlier).keys()


def differences(stored: Release, reading: Release) -> Mapping[Place, str]:
    """Return what *reading* has instead of the text of *stored*, by place; long ones are left out."""
    before, after = _paragraphs(stored), _paragraphs(reading)
    chars_max = max(CHARS_MIN, SHARE_MAX * sum(map(len, before)))
    found = {
        _place(before, i1, i2): "\n\n".join(after[j1:j2])
        for tag, i1, i2, j1, j2 in _opcodes(before, after)
        if tag != "equal"
        and max(sum(map(len, before[i1:i2])), sum(map(len, after[j1:j2]))) <= chars_max
        and _place(before, i1, i2) != ("", "")  # all of the text
    }
    return found | ({DAY: str(reading.published)} if reading.published != stored.published else {})


def _place(paragraphs: list[str], start: int, end: int) -> Place:
    before = paragraphs[start - 1] if start else ""
    after = paragraphs[end] if end < len(paragraphs) else ""
    return before[-80:], after[:80]


def _paragraphs(release: Release) -> list[str]:
    return [*([release.lead] if release.lead else []), *release.body.split("\n\n")]


def _opcodes(before: list[str], after: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
