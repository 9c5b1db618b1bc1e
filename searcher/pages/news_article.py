"""A release as search engines, assistants and social networks read it: schema.org NewsArticle, a summary."""

from index.release_view import ArchivedRelease

DESCRIPTION_CHARS = 200


def describe(release: ArchivedRelease) -> str:
    """Return the beginning of the text of *release* as one line, cut before a word."""
    text = " ".join((release.lead or " ".join(release.paragraphs[:2])).split())
    if len(text) <= DESCRIPTION_CHARS:
        return text
    return f"{text[:DESCRIPTION_CHARS].rpartition(' ')[0] or text[:DESCRIPTION_CHARS]}…"


def news_article(release: ArchivedRelease) -> dict[str, object]:
    """Return *release* as JSON-LD.

    Source: https://schema.org/NewsArticle
    """
    publisher = {"@type": "GovernmentOrganization", "name": release.ministry}
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": release.title,
        "description": describe(release),
        "inLanguage": release.language,
        "author": publisher,
        "publisher": publisher,
        "url": release.url,
        "mainEntityOfPage": release.url,
        "isAccessibleForFree": True,
    }
    if release.published:
        article["datePublished"] = release.published.isoformat()
    if release.revisions:
        article["dateModified"] = release.revisions[0].until.isoformat()
    if release.category:
        article["articleSection"] = release.category
    return article
