"""Which institutions are covered, and what does each publish?"""

from searcher.pages.institutions.institution_page import institution
from searcher.pages.institutions.institutions_page import institutions

__all__ = ["institution", "institutions"]
