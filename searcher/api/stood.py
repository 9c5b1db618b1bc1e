"""How the API tells when texts stood on sites."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from index.results import Hit, Stood


class StoodAnswer(BaseModel):
    """A period in which the text that matches stood on its site; it appeared between `after` and `since`."""

    release: str = Field(
        description="The id of the release that had it, which no merge changes.", examples=["iem-ec9999a178"]
    )
    first_version: int = Field(
        description="The number of its version; of several in a row that match, of the first.", examples=[1]
    )
    last_version: int = Field(description="Of the last of these versions.", examples=[2])
    presumed: date | None = Field(
        description="The day from which it presumably stood: of a first text that of its publication, of a "
        "better reading the beginning of the page. Nobody saw it before `since`. Null if there is none.",
        examples=["2019-03-05"],
    )
    after: datetime | None = Field(
        description="When the site last had another text, or none; null if unknown.",
        examples=["2026-11-25T23:39:11Z"],
    )
    since: datetime = Field(description="When it was first read.", examples=["2026-11-26T23:39:11Z"])
    seen: datetime | None = Field(
        description="When the site was last seen to have it; if it still stands, the last visit that saw it. "
        "Null if unknown.",
        examples=["2026-11-27T23:39:11Z"],
    )
    until: datetime | None = Field(
        description="When another text was first read or its removal was noticed; null: it still stands.",
        examples=["2026-11-28T23:39:11Z"],
    )
    times: int = Field(
        description="How often it came, if the site went back and forth between this text and another.",
        examples=[1],
    )
    observed: bool | None = Field(
        description="Of a search with `laikā:`: a visit before or on these days, and one then or later, saw "
        "it. False: it presumably stood then. Null: no days were asked for.",
        examples=[True],
    )

    @classmethod
    def of(cls, stay: Stood) -> "StoodAnswer":
        """Return *stay* as the API shows it."""
        return cls(
            release=stay.release,
            first_version=stay.first,
            last_version=stay.last,
            presumed=stay.presumed,
            after=stay.after,
            since=stay.since,
            seen=stay.seen,
            until=stay.until,
            times=stay.times,
            observed=stay.observed,
        )


class MatchedVersion(BaseModel):
    """The version of a release that title and passages are from."""

    release: str = Field(description="The id of the release that had it.", examples=["iem-ec9999a178"])
    number: int = Field(description="The number of the version.", examples=[1])
    since: datetime = Field(description="When it was first read.", examples=["2026-11-26T23:39:11Z"])
    until: datetime | None = Field(
        description="When another text was first read or its removal was noticed; null: it still stands.",
        examples=["2026-11-28T23:39:11Z"],
    )

    @classmethod
    def of(cls, hit: Hit) -> "MatchedVersion | None":
        """Return the version that a *hit* shows; None unless the search was through time."""
        stay = hit.matched
        if stay is None:
            return None
        return cls(release=stay.release, number=stay.first, since=stay.since, until=stay.until)
