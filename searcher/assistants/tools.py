"""The tools of the MCP endpoint; every result has what a citation needs."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Annotated, Any, Literal, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BaseModel, Field, ValidationError

from index import history
from index.deadline import DeadlineError
from index.errors import EngineError
from index.history import START, EpochError, ListedEvent, PlaceError
from index.query import FILTERS, Filter
from index.results import Hit
from searcher.params import ParameterError, RealDay, SearchParams, explain_errors
from searcher.service import Service
from searcher.snippets import link_to
from searcher.telemetry import observe_search

HITS_MAX, CHANGES_MAX = 20, 100
_INSTRUCTIONS = """\
Search and read the press releases of Latvian ministries and agencies. Most are in Latvian: search in Latvian,
in any grammatical form. Cite only what a tool returned: title, institution, date, address, and quote passages
word for word. If nothing is found, say so."""
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


_ARGUMENTS: Mapping[str, tuple[Filter, str]] = {
    name: (one, description) for one in FILTERS if one.assistant for name, description in (one.assistant,)
}
"""The filters that a search of an assistant may have, and their descriptions, by argument."""


class CitedHit(BaseModel):
    """A release that matches, as it can be cited."""

    id: str = Field(description="Read the whole text with read_release.")
    title: str = Field(description="As published.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    published: date | None = Field(description="The day of publication; null if unknown.")
    address: str = Field(description="Opens the original at the quoted passage.")
    passages: list[str] = Field(description="Quoted word for word, best first; … marks what is left out.")
    language: str = Field(description="lv, en or ru.")
    gone: bool = Field(description="The original is no longer on its site.")
    edited: bool = Field(description="The text changed after publication.")

    @classmethod
    def of(cls, hit: Hit) -> "CitedHit":
        """Return *hit* as it can be cited."""
        return cls(
            id=hit.id,
            title=hit.title.text,
            institution=hit.ministry,
            published=hit.published,
            address=link_to(hit.url, hit.passages[0] if hit.passages else None) or hit.url,
            passages=[passage.text for passage in hit.passages],
            language=hit.language,
            gone=hit.gone,
            edited=hit.edited,
        )


class FoundReleases(BaseModel):
    """The releases that a search found."""

    total: int = Field(description="Releases that match; only the first are listed.")
    matches_all_words: bool = Field(
        description="False: no release has all words; those listed have a part of them."
    )
    hits: list[CitedHit] = Field(description="Best first, or newest first if asked so.")


class CitedRelease(BaseModel):
    """A release with its text."""

    id: str = Field(description="As asked for.")
    title: str = Field(description="As published.")
    institution: str = Field(description="The institution that published it; its Latvian name.")
    published: date | None = Field(description="The day of publication; null if unknown.")
    address: str = Field(description="The original.")
    language: str = Field(description="lv, en or ru.")
    text: str = Field(description="Paragraphs are separated by an empty line.")
    gone: bool = Field(description="The original is no longer on its site.")
    edits: int = Field(description="How often the text changed after publication.")
    machine_translated: bool = Field(description="The site says that a machine translated it.")


class CitedText(BaseModel):
    """A text that stood on the site on the day, or may have."""

    version: int = Field(description="The number of the text; its neighbours are other versions.")
    standing: str = Field(
        description="seen: visits before or on that day and then or later found it. possible: between two "
        "visits, or nobody looked since. presumed: before the first visit; never say that it was seen."
    )
    since: datetime = Field(description="When it was first read.")
    seen: datetime | None = Field(description="When the site was last seen to have it; null: never.")
    title: str = Field(description="As published.")
    text: str = Field(description="Paragraphs are separated by an empty line.")
    address: str = Field(description="Of this version here; it never changes.")


class TextsOfDay(BaseModel):
    """What stood on the site on a day."""

    texts: list[CitedText] = Field(
        description="Oldest first; empty if it was not published yet, or no longer on the site."
    )


class KnownInstitution(BaseModel):
    """An institution whose releases are collected."""

    name: str = Field(description="As search takes it.")
    releases: int = Field(description="How many of its releases can be found.")
    first: date | None = Field(description="The day of its oldest release; null if it has none.")
    last: date | None = Field(description="The day of its newest release; null if it has none.")


class KnownInstitutions(BaseModel):
    """All institutions whose releases are collected."""

    institutions: list[KnownInstitution] = Field(description="In alphabetical order.")


class KnownChange(BaseModel):
    """Something that happened to one release."""

    kind: str = Field(
        description="new, edit, reread (read better by us), undo, removal, return, hide, unhide, merge or "
        "separation."
    )
    at: datetime = Field(description="When it was noticed or done.")
    id: str = Field(description="Read the release with read_release.")
    version: int = Field(description="The number of the text that the release had from then on.")
    successor: str | None = Field(description="Of a merge: the release that took its place; else null.")
    title: str | None = Field(description="The title of that text; null once the release is hidden.")
    institution: str | None = Field(description="Its Latvian name; null once the release is hidden.")

    @classmethod
    def of(cls, change: ListedEvent) -> "KnownChange":
        """Return *change* as an assistant reads it."""
        return cls(
            kind=change.kind,
            at=change.at,
            id=change.release,
            version=change.version,
            successor=change.successor,
            title=change.title,
            institution=change.ministry,
        )


class KnownChanges(BaseModel):
    """What happened to releases, in order."""

    changes: list[KnownChange] = Field(description="Oldest first.")
    next: str = Field(description="Give it as since to go on; also if there is nothing more by now.")


class ToolServer(MCPServer[Any]):
    """An MCP server that names each argument that it refuses, as the API does."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call the tool *name*.

        Raises:
            ToolError: there is no such tool, an argument is unknown or invalid, or the tool failed.
        """
        known = {tool.name: tool.input_schema.get("properties", {}) for tool in await self.list_tools()}
        if unknown := sorted(arguments.keys() - known.get(name, arguments).keys()):
            raise ToolError("; ".join(f"{argument[:100]}: no such parameter" for argument in unknown[:10]))
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(_explain(error.__cause__)) from error
            raise


def create_server(service: Service) -> MCPServer[Any]:
    """Return an MCP server over *service*."""
    server = ToolServer(
        service.settings.service_name,
        instructions=_INSTRUCTIONS,
        version=version("preses-relizes"),
        log_level="WARNING",
    )

    @server.tool(title="Search press releases", annotations=_READ_ONLY)
    @_take_filters
    async def search(
        *,
        query: Annotated[str, Field(description="Words in any form, or a phrase in quotation marks.")],
        published_from: Annotated[str, Field(description="A day, month or year: 2017-11-27.")] = "",
        published_to: Annotated[str, Field(description="A day, month or year, to its end.")] = "",
        newest_first: Annotated[bool, Field(description="Order by date instead of relevance.")] = False,
        limit: Annotated[int, Field(ge=1, le=HITS_MAX, description="Number of hits.")] = 5,
        **values: str,
    ) -> FoundReleases:
        """Find press releases and quote the passages that match."""
        chosen = {_ARGUMENTS[argument][0].name: [value] for argument, value in values.items() if value}
        sent = chosen | {
            "q": query,
            "from": published_from or None,
            "to": published_to or None,
            "sort": "newest" if newest_first else "relevance",
            "per_page": limit,
        }
        with _name_errors():
            params = SearchParams.model_validate(sent)
            service.require_institutions(params.filters.ministries)
            found = service.search(params)
        observe_search(query, found)
        results = found.results
        matches_all_words = bool(results.total) and not results.widened
        hits = [CitedHit.of(hit) for hit in (results.hits or results.nearest)[:limit]]
        return FoundReleases(total=results.total, matches_all_words=matches_all_words, hits=hits)

    @server.tool(title="Read a press release", annotations=_READ_ONLY)
    async def read_release(
        id: Annotated[str, Field(description="The id of a hit.")],  # noqa: A002 - the name clients see
    ) -> CitedRelease:
        """Read the whole text of a release."""
        with _name_errors():
            release = service.release(id)
        if release is None:
            raise ToolError(f"there is no release {id[:100]!r}")
        return CitedRelease(
            id=release.id,
            title=release.title,
            institution=release.ministry,
            published=release.published,
            address=release.url,
            language=release.language,
            text="\n\n".join(filter(None, (release.lead, *release.paragraphs))),
            gone=release.gone,
            edits=len(release.revisions),
            machine_translated=release.machine_translated,
        )

    @server.tool(title="Read a release as of a day", annotations=_READ_ONLY)
    async def version_as_of(
        id: Annotated[str, Field(description="The id of a hit.")],  # noqa: A002 - the name clients see
        day: Annotated[RealDay, Field(description="A day in Riga: 2026-11-26.")],
    ) -> TextsOfDay:
        """Read the text that a release had on its site on a day; several if it is not known which."""
        with _name_errors():
            found = service.texts_as_of(id, day)
        if found is None:
            raise ToolError(f"there is no release {id[:100]!r}")
        here = f"{service.settings.base_url}{service.settings.url_prefix}"
        return TextsOfDay(texts=[_standing_text(one, here) for one in found])

    @server.tool(title="List institutions", annotations=_READ_ONLY)
    async def list_institutions() -> KnownInstitutions:
        """List the institutions whose releases are collected, and from when to when."""
        with _name_errors():
            known = service.institutions.all(datetime.now(UTC))
        return KnownInstitutions(
            institutions=[
                KnownInstitution(name=one.name, releases=one.releases, first=one.first, last=one.last)
                for one in known
            ]
        )

    @server.tool(title="Follow what happened", annotations=_READ_ONLY)
    async def changes(
        *,
        since: Annotated[
            str, Field(description="The next of an earlier answer; * is the beginning.")
        ] = START,
        limit: Annotated[int, Field(ge=1, le=CHANGES_MAX, description="Number of changes.")] = 20,
    ) -> KnownChanges:
        """List what happened to releases, oldest first: new, edited, removed, back, merged, hidden."""
        with _name_errors():
            found, place = service.list_changes(since, at_most=limit)
        return KnownChanges(changes=[KnownChange.of(change) for change in found], next=place)

    return server


def _standing_text(found: history.StandingText, here: str) -> CitedText:
    version = found.version
    return CitedText(
        version=version.number,
        standing=found.standing,
        since=version.since,
        seen=version.seen,
        title=version.title,
        text="\n\n".join(filter(None, (version.lead, *version.paragraphs))),
        address=f"{here}/releases/{version.release}/versions/{version.number}",
    )


Tool = TypeVar("Tool", bound=Callable[..., Any])


def _take_filters(tool: Tool) -> Tool:
    """Describe the filters as arguments of *tool*, after its first one; it takes them as keywords."""
    first, *others = inspect.signature(tool).parameters.values()
    described = [_argument(name, one, description) for name, (one, description) in _ARGUMENTS.items()]
    named = [other for other in others if other.kind == inspect.Parameter.KEYWORD_ONLY]
    signature = inspect.signature(tool).replace(parameters=[first, *described, *named])
    setattr(tool, "__signature__", signature)  # noqa: B010 - mypy knows no such attribute
    return tool


def _argument(name: str, one: Filter, description: str) -> inspect.Parameter:
    value: Any = Literal.__getitem__(("", *one.keys)) if one.fixed else str
    annotation = Annotated[value, Field(description=description)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=annotation)


@contextmanager
def _name_errors() -> Iterator[None]:
    """Turn the errors that a caller can do something about into answers."""
    try:
        yield
    except ValidationError as error:
        raise ToolError(_explain(error)) from error
    except (EpochError, PlaceError) as error:
        raise ToolError(f"since: {error}") from error
    except ParameterError as error:
        raise ToolError("; ".join(error.errors.values())) from error
    except DeadlineError as error:
        raise ToolError("this takes too long; ask for fewer words") from error
    except EngineError as error:
        raise ToolError("the index is not ready; try again in a few minutes") from error


def _explain(error: ValidationError) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in explain_errors(error).items())
