"""Pages of a release of which a part is missing, broken or another's: blocks are cached one by one."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from tests.accidents.designs import paragraphs
from tests.accidents.place import Accident, Place
from tests.accidents.site import Answer, html

_LOREM = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et "
    "dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi."
)
_WARNING = (
    "<br />\n<b>Warning</b>: include(/var/www/cache/block.php): failed to open stream: No such file in "
    "<b>/var/www/index.php</b> on line <b>{line}</b><br />"
)


def _body_of_other(place: Place) -> Answer:
    """Show the text of a release that is well, or one text at all addresses, under the own title and day.

    If each text were only under a wrong title, nobody could tell it on a first crawl.
    """
    well = [one for one in place.site.publications if one not in place.victims]
    other = well[place.number % len(well)] if well else place.site.publications[5]
    return place.site.release(replace(place.text, paragraphs=other.on(place.site.day).paragraphs))


def _title_of_other(place: Place) -> Answer:
    return place.site.release(replace(place.text, title=place.other.on(place.site.day).title))


def _day_of_other(place: Place) -> Answer:
    return place.site.release(replace(place.text, published=place.other.on(place.site.day).published))


def _without_body(place: Place) -> Answer:
    return place.site.release(replace(place.text, paragraphs=()))


def _without_title(place: Place) -> Answer:
    return place.site.release(replace(place.text, title=""))


def _without_day(place: Place) -> Answer:
    day = place.text.published
    page = place.site.release(place.text).body.decode()
    return html(page.replace(f"{day:%d.%m.%Y}.", "").replace(day.isoformat(), ""))


def _without_letters(place: Place) -> Answer:
    """Show the letters of Latvian as question marks, as a database of another encoding does."""
    lost = dict.fromkeys(map(ord, "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ"), "?")
    return html(place.site.release(place.text).body.decode().translate(lost))


def _escaped(place: Place) -> Answer:
    """Show the tags of the text."""
    body = escape(paragraphs(place.text.paragraphs))
    return html(place.site.design.page(place.site.design.fields(place.text, body), place.text.title))


def _cut_and_closed(place: Place) -> Answer:
    """Show the beginning of the text in a page that ends as it should."""
    kept = place.text.paragraphs[0]
    return place.site.release(replace(place.text, paragraphs=(kept[: len(kept) * 2 // 3],)))


def _warned(place: Place) -> Answer:
    before = _WARNING.format(line=100 + place.site.day)
    return html(place.site.design.release(place.text, before=before))


def _raw_template(place: Place) -> Answer:
    raw = replace(
        place.text, title="{{ node.title }}", paragraphs=("{{ node.body | raw }} {{ block.more }}",)
    )
    page = place.site.release(raw).body.decode()
    return html(page.replace(f"{raw.published:%d.%m.%Y}.", "{{ date }}").replace(str(raw.published), ""))


def _lorem(place: Place) -> Answer:
    return place.site.release(replace(place.text, paragraphs=(_LOREM,)))


def _tested(place: Place) -> Answer:
    text = replace(place.text, title=f"TESTS: {place.text.title}")
    return place.site.release(replace(text, paragraphs=(*text.paragraphs, "Šī ir testa vide.")))


COMPOSED: Mapping[str, Accident] = {
    "body-of-other": Accident(answer=_body_of_other),
    "title-of-other": Accident(answer=_title_of_other, nature="plausible"),
    "day-of-other": Accident(answer=_day_of_other, nature="plausible"),
    "no-body": Accident(answer=_without_body, nature="titled"),
    "no-title": Accident(answer=_without_title, nature="plausible"),
    "no-day": Accident(answer=_without_day, nature="plausible"),
    "no-letters": Accident(answer=_without_letters, nature="maimed"),
    "escaped": Accident(answer=_escaped, nature="plausible"),
    "cut-and-closed": Accident(answer=_cut_and_closed, nature="maimed"),
    "warned": Accident(answer=_warned, nature="plausible"),
    "raw-template": Accident(answer=_raw_template),
    "lorem": Accident(answer=_lorem, nature="titled"),
    "tested": Accident(answer=_tested, nature="plausible"),
}
