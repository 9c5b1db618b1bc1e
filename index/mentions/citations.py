"""Citations: which acts and drafts does a text name, and where?"""

from collections.abc import Iterable

from index.mentions.acts.cabinet import find_cabinet_acts
from index.mentions.acts.citing import Cited
from index.mentions.acts.drafts import find_drafts
from index.mentions.acts.european import find_european_acts
from index.mentions.acts.laws import find_laws
from index.mentions.acts.translated_laws import find_english_laws, find_russian_laws
from index.mentions.annotated_text import AnnotatedText
from index.mentions.records import Citation


def find_citations(annotated: AnnotatedText) -> tuple[Citation, ...]:
    """Return the citations of a text in order; where two overlap, the one that begins first, or is longer."""
    text = annotated.text
    found = [*find_cabinet_acts(text), *find_european_acts(text), *find_drafts(text), *find_laws(annotated)]
    if annotated.language == "en":
        found += find_english_laws(text)
    if annotated.language == "ru":
        found += find_russian_laws(text)
    return tuple(
        Citation(act=cited.key, kind=cited.kind, start=cited.start, end=cited.end) for cited in _apart(found)
    )


def _apart(found: Iterable[Cited]) -> Iterable[Cited]:
    end = 0
    for cited in sorted(found, key=lambda one: (one.start, -one.end)):
        if cited.start >= end:
            end = cited.end
            yield cited
