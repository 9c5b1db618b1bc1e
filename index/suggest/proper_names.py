"""Names as texts write them (people, places, institutions, acronyms, quoted titles), and hyphenated words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

_UPPER, _LOWER = "A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ", "a-zāčēģīķļņšūžа-яё"
_CAPITALIZED = rf"[{_UPPER}][\w’-]+(?<![-’])"
# The word after a name may belong to it: „Valsts kanceleja” has one capital.
_NAME = re.compile(rf"({_CAPITALIZED}(?: {_CAPITALIZED})*)( [{_LOWER}]\w+)?")
_QUOTED = re.compile(rf"[„“«]([{_UPPER}\d][^„“”«»\".!?,:;\n]{{1,40}})[”“»\"]")
_WORD = re.compile(r"[^\W_]+")
_QUOTES = ("„", "“", "«")
_ADJECTIVE_ENDINGS = ("ās", "ais", "ajā", "ajam", "ajai", "ajos", "ajās", "ajiem", "ajām", "o")
_WORDS_MAX, _CHARS_MAX = 4, 60


@dataclass(frozen=True, slots=True)
class CountedNames:
    """Names in any grammatical case, each with the number of texts that contain it."""

    names: Counter[str] = field(default_factory=Counter)
    capitalized: Counter[str] = field(default_factory=Counter)
    """Words with a capital anywhere, also at the beginning of a sentence; lower case."""
    headed: Counter[str] = field(default_factory=Counter)
    """Single capitalised words with the word after them: `valsts kanceleja`; lower case."""

    compounds: Counter[str] = field(default_factory=Counter)
    """Two words joined by a hyphen; lower case."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> "CountedNames":
        """Count the names in *texts*; a word that begins a sentence is not counted.

        >>> sorted(CountedNames.of(["Tā saka Jānis Ozolkrasts no Valsts kancelejas."]).names)
        ['Jānis Ozolkrasts', 'Valsts']
        """
        counted = cls()
        for text in texts:
            capitals = list(_NAME.finditer(text))
            counted.capitalized.update({word.lower() for match in capitals for word in match[1].split()})
            matches = [match for match in capitals if _is_inside_sentence(text, match.start())]
            names = {name for match in matches for name in _split(match[1], match[2] or "")}
            # Without the first word of a sentence: Ziņo NMPD.
            later = (match for match in capitals if _begins_sentence(text, match.start()))
            names.update(
                name for match in later for name in _split(match[1].partition(" ")[2], match[2] or "")
            )
            names.update(match[1].strip() for match in _QUOTED.finditer(text))
            counted.names.update(filter(_is_short, names))
            counted.compounds.update(set(_compounds(text.lower())))
            counted.headed.update({match[0].lower() for match in matches if match[2] and " " not in match[1]})
        return counted


def _split(name: str, after: str) -> Iterator[str]:
    """Yield the acronyms of *name* and the names between them; *after* is the word that follows."""
    words: list[str] = []
    for word in name.split():
        if word.isupper():
            yield word
            yield " ".join(words)
            words = []
        else:
            words.append(word)
    # An adjective belongs to the noun after it: Rīgas Centrālajā stacijā.
    is_whole = not after or len(words) < 2 or not words[-1].endswith(_ADJECTIVE_ENDINGS)
    yield " ".join(words) if is_whole else " ".join(words) + after


def _compounds(text: str) -> Iterator[str]:
    for left, right in pairwise(text.split("-")):
        before, second = _WORD.findall(left[-_CHARS_MAX:]), _WORD.match(right)
        if before and second and left.endswith(before[-1]):
            yield f"{before[-1]}-{second[0]}"


def _is_short(name: str) -> bool:
    return 1 < len(name) <= _CHARS_MAX and name.count(" ") < _WORDS_MAX


def _begins_sentence(text: str, start: int) -> bool:
    return not _is_inside_sentence(text, start) and text[start - 1 : start] not in _QUOTES


def _is_inside_sentence(text: str, start: int) -> bool:
    """Return whether the word at *start* follows a lower-case word, a comma, a number or a bracket."""
    if start < 2:
        return False
    before, space = text[start - 2], text[start - 1]
    return space == "(" or (space == " " and (before.islower() or before.isdigit() or before in ",;"))
