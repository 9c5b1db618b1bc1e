"""Initials in queries: `S. Birzkalne` also matches *Sanita Birzkalne*."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from msgspec.structs import replace

from index.query.ast import AnyOf, Clause, Phrase, Word


def join_initials(clauses: Sequence[Clause]) -> Iterator[Clause]:
    """Yield *clauses*; initials and the surname after them become one clause, which needs only the surname.

    >>> initial, surname = Word(text="S", exact=("s",), scored=False), Word(text="Birzkalne")
    >>> [type(clause).__name__ for clause in join_initials([initial, surname])]
    ['AnyOf']
    """
    at = 0
    while at < len(clauses):
        initials = [initial for initial in takewhile(_is_initial, clauses[at:]) if isinstance(initial, Word)]
        at += len(initials)
        surname = clauses[at] if at < len(clauses) else None
        if initials and isinstance(surname, Word) and _may_be_surname(surname):
            # The phrase adds a little for the initials; the surname is scored once, with or without them.
            words = (replace(initial, scored=True) for initial in initials)
            yield AnyOf((surname, Phrase(words=(*words, replace(surname, scored=False)))))
            at += 1
        else:
            yield from initials
            if not initials:
                yield clauses[at]
                at += 1


def _is_initial(clause: Clause) -> bool:
    return isinstance(clause, Word) and clause.text.isupper() and len(clause.text) == 1 and not clause.part


def _may_be_surname(word: Word) -> bool:
    return word.text[:1].isupper() and word.text[1:].islower() and not word.part
