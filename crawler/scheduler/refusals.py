"""Pages that were not releases; not downloaded again as long as they would be read the same way."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version

from crawler.config import Site, Template
from crawler.page import Page
from crawler.scheduler.plan import FrontierUrl
from crawler.store.pages import NO_VALIDATORS, Pages, Validators


class Refusals:
    """Validators of the refused pages of *site*, valid for these *templates*."""

    def __init__(self, site: Site, templates: Mapping[str, Template], pages: Pages) -> None:
        self._pages = pages
        read_by = (site.model_dump_json(), *(templates[name].model_dump_json() for name in sorted(templates)))
        self._read_by = "\n".join((version("preses-relizes"), *read_by))

    def keep(self, entry: FrontierUrl, page: Page) -> None:
        """Record that *page*, fetched for *entry*, was refused."""
        self._pages.keep_refused(entry.url, page, self._fingerprint(entry))

    def validators(self, entry: FrontierUrl) -> Validators:
        """Return the validators of the page of *entry*; none if it must be extracted again in any case.

        A refused page may be a release to other templates, to a newer version of this program, or once a list
        page gives its title or date.
        """
        if not entry.changed:
            return NO_VALIDATORS  # it has never answered
        kept = self._pages.validators(entry.url)
        is_valid = kept.refused_by is None or kept.refused_by == self._fingerprint(entry)
        return kept if is_valid else NO_VALIDATORS

    def _fingerprint(self, entry: FrontierUrl) -> str:
        hints = entry.hints and (entry.hints.source, entry.hints.title, entry.hints.published)
        return hashlib.blake2b(f"{self._read_by}\n{hints}".encode(), digest_size=16).hexdigest()
