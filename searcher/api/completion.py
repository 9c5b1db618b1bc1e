"""The endpoint that completes what is being typed."""

from collections.abc import Sequence
from typing import Any, Literal, Self

from flask import Response
from pydantic import BaseModel, Field

from index.query import BY_NAME, COMPLETED
from index.suggest import Completion
from searcher.api.blueprint import SEARCH, api, json_response, read_strictly
from searcher.delivery.caching import answer_unless_known
from searcher.params import Parameters, with_fields
from searcher.service import current_service


class TypedParams(Parameters):
    """The text typed so far."""

    q: str = Field("", max_length=200, description="The beginning of a query.", examples=["drosib"])


_KINDS: Any = Literal.__getitem__(("word", "name", *(kind for kind, _ in COMPLETED.values()), "title"))


def _value_field(name: str, kind: str) -> tuple[Any, Any]:
    article = "an" if kind[0] in "aeiou" else "a"
    meaning = f"Of {article} {kind}: filter by this `{name}` instead of searching for the text."
    return str | None, Field(description=meaning, examples=[BY_NAME[name].example])


@with_fields(
    {"kind": (_KINDS, Field(description="A phrase is a word, too.", examples=["word"]))}
    | {name: _value_field(name, kind) for name, (kind, _) in COMPLETED.items()}
)
class CompletionAnswer(BaseModel):
    """A query that completes the typed text."""

    text: str = Field(description="The completed query.", examples=["drošība"])
    release: str | None = Field(
        description="Of a title: the newest release with it, to be opened instead of searching for the text.",
        examples=["iem-0a1b2c3d4e"],
    )

    @classmethod
    def of(cls, completion: Completion) -> Self:
        """Return *completion* as the API shows it."""
        values = {name: completion.text if name == completion.filter else None for name in COMPLETED}
        return cls.model_validate(
            {"text": completion.text, "release": completion.release, "kind": completion.kind, **values}
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
    return json_response(CompletionsAnswer(completions=list(map(CompletionAnswer.of, completions))))
