"""Who said what, what falls due, which acts are cited? The register of mentions as pages, feeds and rows."""

from searcher.register.act_pages import act, acts
from searcher.register.calendar_feed import due_ics
from searcher.register.due_calendar import due_calendar
from searcher.register.list_address import due_pairs
from searcher.register.listing import DuePage, StatementsPage, due_filter, read_due, read_statements
from searcher.register.name_card import find_card, read_said, said_pairs
from searcher.register.people import people, person
from searcher.register.register_params import DueListParams, StatementListParams
from searcher.register.statements import statements, statements_atom

__all__ = [
    "DueListParams",
    "DuePage",
    "StatementListParams",
    "StatementsPage",
    "act",
    "acts",
    "due_calendar",
    "due_filter",
    "due_ics",
    "due_pairs",
    "find_card",
    "people",
    "person",
    "read_due",
    "read_said",
    "read_statements",
    "said_pairs",
    "statements",
    "statements_atom",
]
