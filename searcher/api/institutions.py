"""The endpoints about the collection: which institutions, how complete, how fresh."""

from datetime import UTC, date, datetime

from flask import Response
from pydantic import BaseModel, Field

from index.institutions import Health, Institution
from searcher.api.blueprint import COLLECTION, api, json_response, read_strictly
from searcher.delivery.caching import tag_by_content
from searcher.params import Parameters
from searcher.service import current_service


class InstitutionAnswer(BaseModel):
    """An institution, its releases, and the last crawl of its sites."""

    name: str = Field(description="As the filter ministry takes it.", examples=["Finanšu ministrija"])
    sites: list[str] = Field(description="Ids of its sites.", examples=[["fm"]])
    address: str = Field(
        description="Where its releases are published; empty if its site is no longer read.",
        examples=["https://www.fm.gov.lv"],
    )
    releases: int = Field(description="Number of its releases.", examples=[1200])
    first: date | None = Field(
        description="The day of its oldest release; null if none has a date.", examples=["2009-05-14"]
    )
    last: date | None = Field(
        description="The day of its newest release; null if none has a date.", examples=["2026-11-26"]
    )
    crawled: datetime | None = Field(
        description="The last crawl that read it; null if none did recently.",
        examples=["2026-11-26T23:39:11Z"],
    )
    health: Health = Field(
        description="fresh; troubled: half of its pages could not be read; late: not read for three days; "
        "unread: no recent crawl read it; empty: it has no releases.",
        examples=["fresh"],
    )

    @classmethod
    def of(cls, institution: Institution) -> "InstitutionAnswer":
        """Return *institution* as the API shows it."""
        return cls(
            name=institution.name,
            sites=list(institution.sites),
            address=institution.address,
            releases=institution.releases,
            first=institution.first,
            last=institution.last,
            crawled=institution.crawled,
            health=institution.health,
        )


class InstitutionsAnswer(BaseModel):
    """The institutions whose releases are collected."""

    institutions: list[InstitutionAnswer] = Field(description="By name, in Latvian order.")


class StatusAnswer(BaseModel):
    """The state of the collection and of the index."""

    releases: int = Field(description="Releases in the index.", examples=[200_000])
    institutions: int = Field(description="Institutions that have any.", examples=[60])
    first: date | None = Field(
        description="The day of the oldest release; null if none has a date.", examples=["2009-05-14"]
    )
    last: date | None = Field(
        description="The day of the newest release; null if none has a date.", examples=["2026-11-26"]
    )
    crawled: datetime | None = Field(
        description="Start of the last crawl that read anything, or null.", examples=["2026-11-26T23:39:11Z"]
    )
    indexed: datetime | None = Field(
        description="When the index in use was published or last updated.", examples=["2026-11-26T23:39:11Z"]
    )
    generation: str = Field(description="The generation of the index.", examples=["20261126T233931-001"])
    is_sound: bool = Field(description="False: the last verification found damaged files.", examples=[True])


@api.get(
    "/institutions", operation_id="list_institutions", tags=[COLLECTION], responses={200: InstitutionsAnswer}
)
@read_strictly
def institutions(query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """List the institutions: how many releases, from when to when, last crawl, health."""
    listed = [InstitutionAnswer.of(one) for one in _institutions()]
    return tag_by_content(json_response(InstitutionsAnswer(institutions=listed)))


@api.get("/status", operation_id="get_status", tags=[COLLECTION], responses={200: StatusAnswer})
@read_strictly
def status(query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Report how large, how fresh and how sound the collection is."""
    info = current_service().engine.info()
    covered = [one for one in _institutions() if one.releases]
    answer = StatusAnswer(
        releases=info.documents,
        institutions=len(covered),
        first=min((one.first for one in covered if one.first), default=None),
        last=max((one.last for one in covered if one.last), default=None),
        crawled=max((one.crawled for one in covered if one.crawled), default=None),
        indexed=info.published,
        generation=info.generation,
        is_sound=not info.damage,
    )
    return tag_by_content(json_response(answer))


def _institutions() -> tuple[Institution, ...]:
    return current_service().institutions.all(datetime.now(UTC))
