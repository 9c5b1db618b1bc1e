"""Drafts by their numbers: in the portal of legal acts, among announced drafts, and in the Saeima."""

import re
from collections.abc import Iterator

from index.mentions.acts.citing import Cited

_DRAFT = re.compile(
    r"(?<![\w/=-])(?:(?P<tap>\d\d-TA-\d{1,5})|(?P<announced>VSS-\d{1,5})"
    r"|(?:(?<=Nr\.)|(?<=Nr\. )|\b)(?P<saeima>\d{1,4} ?/ ?L[pm] ?\d{1,2}))(?![\w/-])"
)
_HINTS = ("-TA-", "VSS-", "/L", "/ L")


def find_drafts(text: str) -> Iterator[Cited]:
    """Yield the drafts that *text* cites by number."""
    for match in _DRAFT.finditer(text) if any(map(text.__contains__, _HINTS)) else ():
        kind = "announced" if match["announced"] else "draft"
        yield Cited(*match.span(), kind, match[0].replace(" ", ""))
