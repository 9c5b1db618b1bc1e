"""Which other words mean what a query asks for? Concepts of public administration in three languages."""

from index.meaning.concept_file import KEPT, ConceptFile, keep_terms
from index.meaning.concepts import CONCEPTS
from index.meaning.related_words import RelatedWords

__all__ = ["CONCEPTS", "KEPT", "ConceptFile", "RelatedWords", "keep_terms"]
