"""Is a page the release of its address?

You give what the store has, what a list says and what the page shows; you get how sure that is (`judge`).
`error_pages` knows what a site answers at addresses that do not exist.
See docs/decisions/074-identity-before-edit.md.
"""

from crawler.scheduler.identity.address_words import MISNAMED, addresses_tell, is_misnamed
from crawler.scheduler.identity.error_pages import ErrorPages, nonsense_url, shape_of
from crawler.scheduler.identity.flicker import count_flicker, flickering, is_flicker, steady
from crawler.scheduler.identity.judgement import (
    OLD_ADDRESS,
    Judgement,
    is_meant,
    judge,
    judge_alias,
    judge_new,
)
from crawler.scheduler.identity.resemblance import (
    days_tell,
    differs_by_loan,
    fits,
    has_exact_title,
    has_other_day,
    has_own_day,
    has_title,
    is_misdated,
    is_titled,
    overlap,
)
from crawler.scheduler.identity.shared_text import Newcomer, masked_newcomers, shared_pages, shared_titles

__all__ = [
    "MISNAMED",
    "OLD_ADDRESS",
    "ErrorPages",
    "Judgement",
    "Newcomer",
    "addresses_tell",
    "count_flicker",
    "days_tell",
    "differs_by_loan",
    "fits",
    "flickering",
    "has_exact_title",
    "has_other_day",
    "has_own_day",
    "has_title",
    "is_flicker",
    "is_meant",
    "is_misdated",
    "is_misnamed",
    "is_titled",
    "judge",
    "judge_alias",
    "judge_new",
    "masked_newcomers",
    "nonsense_url",
    "overlap",
    "shape_of",
    "shared_pages",
    "shared_titles",
    "steady",
]
