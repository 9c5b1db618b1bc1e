"""Where the text of an act is: by the operator's table, on EUR-Lex, or where a release links it.

Only addresses are read and made; nothing is requested.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.history import Span, Structure
from index.mentions import Mentions, read_acts
from index.register import RegisteredAct
from index.release_view import ArchivedRelease
from searcher.service import Service

_PUBLISHERS = frozenset(
    (
        "likumi.lv",
        "vestnesis.lv",
        "eur-lex.europa.eu",
        "tap.mk.gov.lv",
        "tapportals.mk.gov.lv",
        "titania.saeima.lv",
    )
)
"""Sites that publish acts or drafts: a link elsewhere leads to something about the act."""
# EUR-Lex has no Russian.
_EUR_LEX_LANGUAGE = {"lv": "LV", "en": "EN"}


@dataclass(frozen=True, slots=True)
class ActLink:
    """The address of the text of an act."""

    address: str

    @property
    def host(self) -> str:
        """The site that it leads to, as a reader knows it."""
        return _host(self.address)


def find_act_link(
    service: Service, act: RegisteredAct, releases: Iterable[str], language: str
) -> ActLink | None:
    """Return where the text of *act* is for readers of *language*; None if neither table nor text says it.

    *releases* are the ids of those whose links are read, in this order.
    """
    if address := service.settings.act_addresses.get(act.act):
        return ActLink(address)
    if act.kind == "european":
        chosen = _EUR_LEX_LANGUAGE.get(language, "LV")
        return ActLink(f"https://eur-lex.europa.eu/legal-content/{chosen}/TXT/?uri=CELEX:{act.act}")
    return next((ActLink(found) for id_ in releases for found in _linked(service, act.act, id_)), None)


def _linked(service: Service, act: str, id_: str) -> Iterator[str]:
    """Yield where the release *id_* links its citations of *act*."""
    release = service.release(id_)
    links = list(_official_links(release)) if release and release.structure else []
    if not release or not links:
        return
    text = "\n\n".join(filter(None, (release.lead, *release.paragraphs)))
    for one in (service.register.mentions(id_) or Mentions()).citations:
        over = next((link for link in links if link.start < one.end and one.start < link.end), None)
        # The text may be newer than the register: then something else may stand at its place.
        if over and one.act == act and act in _read(service, text[one.start : one.end], release):
            yield over.href


def _official_links(release: ArchivedRelease) -> Iterator[Span]:
    """Yield the links to sites that publish acts, at their places in lead and body together."""
    structure = release.structure or Structure()
    shift = len(release.lead) + 2 if release.lead else 0
    for before, spans in ((0, structure.lead), (shift, structure.body)):
        for span in spans:
            if span.kind == "a" and _host(span.href) in _PUBLISHERS:
                yield Span(start=span.start + before, end=span.end + before, kind="a", href=span.href)


def _read(service: Service, text: str, release: ArchivedRelease) -> tuple[str, ...]:
    return read_acts(service.asker.analyzer, text, release.language)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
