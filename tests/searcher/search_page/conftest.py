from tests.searcher.pages.conftest import Library, Page, library, page

__all__ = ["Library", "Page", "library", "page"]
