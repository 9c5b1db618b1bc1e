"""How is a search asked and shown?"""

from searcher.search_page.chart_files import chart_csv, chart_svg
from searcher.search_page.form_buttons import press
from searcher.search_page.search import search

__all__ = ["chart_csv", "chart_svg", "press", "search"]
