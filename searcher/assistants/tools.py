"""The tools of the MCP endpoint; every result has what a citation needs."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated, Any, Literal, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import Field, ValidationError

from index import history
from index.deadline import DeadlineError
from index.errors import ArchiveError, EngineError
from index.history import START, EpochError, PlaceError
from index.query import FILTERS, Filter
from searcher.assistants.tool_answers import (
    CitedHit,
    CitedRelease,
    CitedText,
    FoundReleases,
    KnownAppearance,
    KnownChange,
    KnownChanges,
    KnownInstitution,
    KnownInstitutions,
    KnownStatement,
    KnownStatements,
    KnownText,
    TextsOfDay,
)
from searcher.notes import message
from searcher.params import ParameterError, RealDay, SearchParams, explain_errors
from searcher.register import StatementListParams, read_statements
from searcher.service import Service
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
        shown = (results.hits or results.nearest)[:limit]
        hits = [CitedHit.of(hit, service.version_address) for hit in shown]
        return FoundReleases(
            total=results.total,
            matches_all_words=matches_all_words,
            notes=list(map(message, found.query.notes)),
            hits=hits,
        )

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
        return TextsOfDay(texts=[_standing_text(one, service.version_address) for one in found])

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

    @server.tool(title="Find the first appearance of words", annotations=_READ_ONLY)
    async def first_appearance(
        query: Annotated[str, Field(description="Words in any form, or a phrase in quotation marks.")],
        *,
        institution: Annotated[str, Field(description="Only this one, named as by list_institutions.")] = "",
    ) -> KnownAppearance:
        """Find when words first appeared on a site and last stood there, in any text a release ever had."""
        with _name_errors():
            ministries = [institution] if institution else []
            params = SearchParams.model_validate({"q": query, "ministry": ministries, "versions": True})
            service.require_institutions(params.filters.ministries)
            _, found, cut = service.appearance(params)
        return KnownAppearance(
            releases=found.releases,
            standing=found.standing,
            first=found.first and KnownText.of_hit(found.first),
            last=found.last and KnownText.of_hit(found.last),
            cut_histories=cut,
        )

    @server.tool(title="Find what somebody said", annotations=_READ_ONLY)
    async def statements_by(
        speaker: Annotated[str, Field(description="The full name, in the nominative.")],
        *,
        query: Annotated[str, Field(description="Words that the statements have, in any form.")] = "",
        limit: Annotated[int, Field(ge=1, le=HITS_MAX, description="Number of statements.")] = 10,
    ) -> KnownStatements:
        """Find what a person said in public, in the sentences of the releases, newest first."""
        with _name_errors():
            params = StatementListParams(speaker=speaker, q=query, per_page=limit)
            found = read_statements(service, params)
        here = f"{service.settings.base_url}{service.settings.url_prefix}"
        return KnownStatements(
            total=found.total,
            statements=[KnownStatement.of(one, f"{here}/releases/{one.release.id}") for one in found.rows],
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


def _standing_text(found: history.StandingText, version_address: Callable[[str, int], str]) -> CitedText:
    version = found.version
    return CitedText(
        version=version.number,
        standing=found.standing,
        since=version.since,
        seen=version.seen,
        title=version.title,
        text="\n\n".join(filter(None, (version.lead, *version.paragraphs))),
        address=version_address(version.release, version.number),
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
    except ArchiveError as error:
        raise ToolError("the releases cannot be read; try again in a few minutes") from error
    except EngineError as error:
        raise ToolError("the index is not ready; try again in a few minutes") from error


def _explain(error: ValidationError) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in explain_errors(error).items())
