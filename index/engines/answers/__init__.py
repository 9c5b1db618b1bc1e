"""How is a query answered, whatever engine finds the documents?"""

from index.engines.answers.answerer import Answerer
from index.engines.answers.document_searcher import DocumentSearcher

__all__ = ["Answerer", "DocumentSearcher"]
