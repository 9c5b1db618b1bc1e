"""The endpoints of lists in the register: statements, and what falls due."""

from flask import Response
from pydantic import BaseModel, Field

from searcher.api.blueprint import api, json_response, read_strictly
from searcher.api.register.tag import REGISTER
from searcher.delivery.caching import tag_by_content
from searcher.register import DueListParams, StatementListParams, read_due, read_statements
from searcher.register.register_rows import DueRow, StatementRow
from searcher.service import current_service


class StatementsAnswer(BaseModel):
    """A page of statements."""

    total: int = Field(description="Statements that match.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    statements: list[StatementRow] = Field(description="Newest first.")


class DueAnswer(BaseModel):
    """A page of times at which something falls due."""

    total: int = Field(description="Times that match.", examples=[120])
    page: int = Field(description="The page, from 1.", examples=[1])
    due: list[DueRow] = Field(description="The earliest first.")


@api.get("/statements", operation_id="list_statements", tags=[REGISTER], responses={200: StatementsAnswer})
@read_strictly
def statements(query: StatementListParams) -> Response:
    """List what people said, byte for byte in the sentences of the release, newest first."""
    service = current_service()
    service.require_institutions(query.ministry)
    found = read_statements(service, query)
    rows = list(map(StatementRow.of, found.rows))
    return tag_by_content(
        json_response(StatementsAnswer(total=found.total, page=query.page, statements=rows))
    )


@api.get("/due", operation_id="list_due", tags=[REGISTER], responses={200: DueAnswer})
@read_strictly
def due(query: DueListParams) -> Response:
    """List what releases announced for a day, month, quarter or year; from today on unless days are given."""
    service = current_service()
    service.require_institutions(query.ministry)
    found = read_due(service, query)
    rows = list(map(DueRow.of, found.rows))
    return tag_by_content(json_response(DueAnswer(total=found.total, page=query.page, due=rows)))
