"""The endpoint that completes what is being typed."""

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from searcher.api.blueprint import api, json_response, read_strictly
from searcher.params import Parameters
from searcher.service import current_service


class TypedParams(Parameters):
    """The text typed so far."""

    q: str = Field("", max_length=200, description="The beginning of a query.", examples=["drosib"])


class CompletionAnswer(BaseModel):
    """A query that completes the typed text."""

    text: str
    kind: Literal["word", "name", "institution", "title"] = Field(
        description="word also stands for a phrase."
    )
    ministry: str | None = Field(
        description="Of an institution: filter by this `ministry` instead of searching for the text."
    )


class CompletionsAnswer(BaseModel):
    """Completions of the typed text, most likely first."""

    completions: list[CompletionAnswer]


@api.get("/complete", responses={200: CompletionsAnswer})
@read_strictly
def complete(query: TypedParams) -> Response:
    """Complete a query; diacritics may be missing."""
    completions = current_service().complete(query.q)
    answers = [
        CompletionAnswer(text=item.text, kind=item.kind, ministry=item.ministry) for item in completions
    ]
    return json_response(CompletionsAnswer(completions=answers))
