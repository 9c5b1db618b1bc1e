"""Which topics of the common scheme is a release about, by the categories of its institution?"""

from index.topics.rules import rules_digest, topics_of
from index.topics.scheme import TOPICS

__all__ = ["TOPICS", "rules_digest", "topics_of"]
