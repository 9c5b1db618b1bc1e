"""Documents as hits: their stored fields, the marked title and the passages."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import replace

from index import deadline
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.passages import choose_passages, mark_title
from index.query import Clause
from index.results import Hit, Translation
from index.search import TopDocs
from index.search.match_offsets import MatchOffset
from index.search.standing import release_of, unpack

StoredTexts = Mapping[str, Any]
"""The stored fields of a document that a hit shows, without empty ones."""
StoredFields = Mapping[str, Any]
"""All stored fields of a document."""


class HitMaker:
    """Makes hits of the documents that *searcher* finds; if *is_of_all*, those say when their text stood."""

    def __init__(self, searcher: DocumentSearcher, *, is_of_all: bool) -> None:
        self._searcher, self._is_of_all = searcher, is_of_all

    def shown(self, doc: int) -> StoredTexts:
        """Return the stored fields of *doc* that a hit shows."""
        fields: StoredTexts = self._searcher.stored(doc)["shown"]
        return fields

    def id_of(self, doc: int) -> str:
        """Return the id of the release of *doc*."""
        return release_of(self._searcher.stored(doc)["id"])

    def hits(self, clause: Clause, top: TopDocs) -> tuple[Hit, ...]:
        """Return the hits of the page *top*, with the matches of *clause* marked."""
        deadline.check()
        stored, offsets = self._stored(top.docs), self._searcher.match_offsets(clause, top.docs)
        rows = zip(top.docs, stored, top.scores, top.folded, offsets, strict=True)
        return self._with_translations([self._make(*row) for row in rows], stored)

    def matches(self, clause: Clause, docs: Sequence[int]) -> tuple[Hit, ...]:
        """Return *docs* as hits, with the matches of *clause* marked and its scores."""
        scores, offsets = self._searcher.scores(clause, docs), self._searcher.match_offsets(clause, docs)
        stored = self._stored(docs)
        rows = zip(docs, stored, scores, offsets, strict=True)
        return self._with_translations(
            [self._make(doc, fields, score, (), marks) for doc, fields, score, marks in rows], stored
        )

    def hit(self, doc: int, score: float) -> Hit:
        """Return *doc* as a hit without marks."""
        return self._make(doc, self._searcher.stored(doc), score)

    def _stored(self, docs: Sequence[int]) -> Sequence[StoredFields]:
        return [self._searcher.stored(doc) for doc in docs]

    def _with_translations(self, hits: Sequence[Hit], stored: Sequence[StoredFields]) -> tuple[Hit, ...]:
        """Return *hits*, with fields *stored*, each with its translations, looked up together."""
        ids_of = [fields["shown"].get("translations", ()) for fields in stored]
        if not any(ids_of):
            return tuple(hits)
        found = self._searcher.find_all(frozenset(chain.from_iterable(ids_of)))
        known = {id_: self._translation(id_, doc) for id_, doc in found.items()}
        return tuple(
            [
                replace(hit, translations=tuple(known[id_] for id_ in ids if id_ in known))
                for hit, ids in zip(hits, ids_of, strict=True)
            ]
        )

    def _translation(self, id_: str, doc: int) -> Translation:
        shown = self.shown(doc)
        return Translation(id=id_, language=shown["language"], title=shown.get("title", ""))

    def _make(
        self,
        doc: int,
        stored: StoredFields,
        score: float,
        folded: tuple[int, ...] = (),
        marks: tuple[MatchOffset, ...] = (),
    ) -> Hit:
        """Return *doc* with its *marks* as a hit; *folded* are the other documents of its cluster."""
        fields: StoredTexts = stored["shown"]
        id_ = release_of(stored["id"])
        stay = unpack(fields["stay"], id_) if self._is_of_all and "stay" in fields else None
        return Hit(
            id=id_,
            stood=(stay,) if stay else (),
            matched=stay,
            url=fields["url"],
            title=mark_title(fields.get("title", ""), marks),
            passages=choose_passages(fields, marks),
            published=self._searcher.published(doc),
            site=fields["site"],
            ministry=fields["ministry"],
            language=fields["language"],
            score=score,
            also_published_by=self._other_ministries(folded, fields["ministry"]) if folded else (),
            gone=fields.get("gone", False),
            edited=fields.get("edited", False),
            machine_translated=fields.get("machine_translated", False),
        )

    def _other_ministries(self, folded: tuple[int, ...], ministry: str) -> tuple[str, ...]:
        """Return the ministries, other than *ministry*, that published the collapsed releases *folded*."""
        others = {self.shown(other)["ministry"] for other in folded}
        return tuple(sorted(others - {ministry}))
