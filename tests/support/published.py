"""Releases as a site may publish them, of any texts."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crawler.store import Attachment, Release

SEEN = datetime(2026, 3, 1, tzinfo=UTC)


def release(number: int, texts: Sequence[str]) -> Release:
    title, lead, *body = texts
    return Release(
        url=f"https://iem.example/{number}",
        site="iem",
        ministry="Iekšlietu ministrija",
        language="lv",
        title=title or "Ziņa",
        lead=lead,
        body="\n\n".join(body),
        contact="",
        published=None,
        published_source="none",
        published_confidence="none",
        category=title,
        attachments=(Attachment(url=f"javascript:alert(1)//{number}", title=title, text=lead),),
    )
