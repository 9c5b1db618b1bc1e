"""The endpoints about one release."""

from flask import Response
from pydantic import BaseModel, Field

from searcher.api.answers import HitAnswer
from searcher.api.blueprint import api, json_response, read_strictly
from searcher.params import Parameters
from searcher.service import current_service


class ReleasePath(BaseModel):
    """The path of a release."""

    release: str = Field(description="The id of a hit.")


class SimilarAnswer(BaseModel):
    """Releases similar to another, most similar first."""

    hits: list[HitAnswer]


@api.get("/releases/<release>/similar", responses={200: SimilarAnswer})
@read_strictly
def similar(path: ReleasePath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Find releases similar to one."""
    hits = [HitAnswer.of(hit) for hit in current_service().similar(path.release)]
    return json_response(SimilarAnswer(hits=hits))
