"""The endpoint that completes what is being typed."""

from collections.abc import Sequence
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from index.suggest import Completion
from searcher.api.blueprint import SEARCH, api, json_response, read_strictly
from searcher.delivery.caching import answer_unless_known
from searcher.params import Parameters
from searcher.service import current_service


class TypedParams(Parameters):
    """The text typed so far."""

    q: str = Field("", max_length=200, description="The beginning of a query.", examples=["drosib"])


class CompletionAnswer(BaseModel):
    """A query that completes the typed text."""

    text: str = Field(description="The completed query.", examples=["drošība"])
    kind: Literal["word", "name", "institution", "title"] = Field(
        description="A phrase is a word, too.", examples=["word"]
    )
    ministry: str | None = Field(
        description="Of an institution: filter by this `ministry` instead of searching for the text.",
        examples=["Finanšu ministrija"],
    )


class CompletionsAnswer(BaseModel):
    """Completions of the typed text, most likely first."""

    completions: list[CompletionAnswer] = Field(description="Most likely first.")


@api.get("/complete", operation_id="complete", tags=[SEARCH], responses={200: CompletionsAnswer})
@read_strictly
def complete(query: TypedParams) -> Response:
    """Complete a query; diacritics may be missing."""
    service = current_service()
    return answer_unless_known(service.version.now(), lambda: _answer(service.complete(query.q)))


def _answer(completions: Sequence[Completion]) -> Response:
    answers = [
        CompletionAnswer(text=item.text, kind=item.kind, ministry=item.ministry) for item in completions
    ]
    return json_response(CompletionsAnswer(completions=answers))
