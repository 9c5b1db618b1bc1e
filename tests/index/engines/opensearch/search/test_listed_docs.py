"""A list keeps its order, and requests only as much as is read."""

from collections.abc import Iterable, Iterator

from index.engines.opensearch.search.head import Candidate
from index.engines.opensearch.search.listed_docs import ListedDocs


def candidate(number: int, cluster: str = "", ministry: str = "FM") -> Candidate:
    return Candidate(
        number=number,
        id=f"{number}",
        day=0,
        cluster=cluster or f"{number}",
        shared=bool(cluster),
        length=1,
        ministry=ministry,
        language="lv",
        tokens="",
        rough=0.0,
        leaves=frozenset(),
    )


MATCHES = (
    candidate(7),
    candidate(3, "a"),
    candidate(9, "a", "VM"),
    candidate(1),
    candidate(4, "b"),
    candidate(2, "a", "EM"),
)


FIRST = tuple(one for one in MATCHES if one.number not in (9, 2))


def listed(walked: list[int]) -> ListedDocs:
    """List the first matches of their clusters; adds what is read of them to *walked*."""

    def walk() -> Iterator[Candidate]:
        for one in FIRST:
            walked.append(one.number)
            yield one

    def members(clusters: Iterable[str]) -> list[Candidate]:
        wanted = set(clusters)
        return [one for one in MATCHES if one.cluster in wanted]

    def leaders(ids: Iterable[str]) -> list[Candidate]:
        wanted = set(ids)
        return [one for one in MATCHES if one.id in wanted]

    return ListedDocs(walk(), 4, members=members, leaders=leaders)


def test_a_document_knows_its_copies() -> None:
    docs = listed([])
    assert list(docs.docs(0, None)) == [7, 3, 1, 4]
    assert docs.ministries_of_copies([3, 1, 4]) == {3: {"VM", "EM"}, 1: set(), 4: set()}


def test_only_what_is_read_is_asked_for_and_only_once() -> None:
    walked: list[int] = []
    docs = listed(walked)
    assert list(docs.docs(0, 0)) == walked == []
    assert list(docs.docs(1, 2)) == [3]
    assert walked == [7, 3]
    assert list(docs.docs(0, 2)) == [7, 3]
    assert walked == [7, 3]
    assert list(docs.docs(2, 9)) == [1, 4]
    assert list(docs.docs(9, None)) == []


def test_documents_among_ids_know_their_copies() -> None:
    docs = listed([])
    assert list(docs.among([])) == []
    assert list(docs.among(["3", "7"])) == [7, 3]
    assert docs.ministries_of_copies([7, 3]) == {7: set(), 3: {"VM", "EM"}}
