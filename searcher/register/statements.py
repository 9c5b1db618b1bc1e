"""The page of statements, of all or of one speaker, and its feed."""

from datetime import UTC, datetime, time

from flask import Response, g, render_template

from index.register import ListedStatement
from preses_relizes.shared.calendar import RIGA
from searcher.delivery.caching import tag_by_content
from searcher.feeds.content import clean
from searcher.feeds.entries import distinct_moment, urn
from searcher.feeds.views import timestamp
from searcher.links import list_address
from searcher.pages.rendering import page
from searcher.params import ParameterError
from searcher.register.list_address import pairs, read_params, redirect_to_canonical
from searcher.register.listing import read_statements
from searcher.register.register_params import PER_PAGE, StatementListParams
from searcher.search_address import encode
from searcher.service import current_service


def statements() -> Response:
    """Show statements, newest first."""
    params, errors = read_params(StatementListParams)
    canonical = redirect_to_canonical("views.statements", params)
    if canonical and not errors:
        return canonical
    found = read_statements(current_service(), params)
    response = page(
        "statements.html",
        400 if errors else 200,  # type: ignore[arg-type]
        found=found,
        wanted=params,
        errors=errors,
        per_page_usual=PER_PAGE,
        feed=list_address("views.statements_atom", pairs(params, but=("page", "per_page"))),
        address=lambda number: list_address(
            "views.statements", pairs(params.model_copy(update={"page": number}))
        ),
    )
    return response if errors else tag_by_content(response)


def statements_atom() -> Response:
    """Return the statements as Atom (RFC 4287)."""
    params, errors = read_params(StatementListParams)
    if errors:
        raise ParameterError(errors)
    found = read_statements(current_service(), params)
    named = pairs(params, but=("page", "per_page"))
    base = current_service().settings.base_url
    moments = [_moment(one) for one in found.rows]
    indexed = current_service().engine.info().published or datetime.now(UTC)
    title = " – ".join(filter(None, (g.interface.text("Statements"), params.speaker, params.q)))
    body = render_template(
        "statements.xml",
        entries=[(one, _id(one), timestamp(moment)) for one, moment in zip(found.rows, moments, strict=True)],
        feed_id=urn(f"statements {g.interface.language}?{encode(named)}"),
        updated=timestamp(max(moments, default=indexed)),
        title=clean(f"{current_service().settings.service_name}: {title}"),
        self_address=base + list_address("views.statements_atom", named),
        page_address=base + list_address("views.statements", named),
        base=base,
        clean=clean,
    )
    return tag_by_content(Response(body, content_type="application/atom+xml; charset=utf-8"))


def _id(one: ListedStatement) -> str:
    return urn(f"statement {one.release.id} {one.version} {one.start}")


def _moment(one: ListedStatement) -> datetime:
    day = one.release.published
    midnight = datetime.combine(day, time(), RIGA) if day else datetime(1970, 1, 1, tzinfo=UTC)
    return distinct_moment(midnight, _id(one))
