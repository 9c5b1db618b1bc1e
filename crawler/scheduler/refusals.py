"""Pages that were read and are no releases: not loaded whole again as long as they would be read the same."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version

from crawler.config import Site, Template
from crawler.page import Page
from crawler.scheduler.plan import FrontierUrl
from crawler.store.pages import NO_VALIDATORS, Pages, Validators


class Refusals:
    """What refused pages of *site* can be told by, among its *pages*, which are read by *templates*."""

    def __init__(self, site: Site, templates: Mapping[str, Template], pages: Pages) -> None:
        self._pages = pages
        read_by = (site.model_dump_json(), *(templates[name].model_dump_json() for name in sorted(templates)))
        self._read_by = "\n".join((version("preses-relizes"), *read_by))

    def keep(self, entry: FrontierUrl, page: Page) -> None:
        """Keep that *page* of *entry* was refused."""
        self._pages.keep_refused(entry.url, page, self._fingerprint(entry))

    def validators(self, entry: FrontierUrl) -> Validators:
        """Return what the page of *entry* can be told by; nothing where it is to be read anew in any case.

        What was refused may be a release to other templates, to a newer version of this program, or once a
        list page says more of it.
        """
        kept = self._pages.validators(entry.url)
        return kept if kept.refused_by in (None, self._fingerprint(entry)) else NO_VALIDATORS

    def _fingerprint(self, entry: FrontierUrl) -> str:
        hints = entry.hints and (entry.hints.source, entry.hints.title, entry.hints.published)
        return hashlib.blake2b(f"{self._read_by}\n{hints}".encode(), digest_size=16).hexdigest()
