"""Sites take turns by the cost of their pages."""

import pytest

from crawler.extraction.fair_queue import FairQueue

COSTS = {"dear": 10.0, "fair": 1.0, "cheap": 0.1}


def order(waiting: dict[str, int], steps: int) -> list[str]:
    """Return the order in which sites with these numbers of items are served."""
    turns: FairQueue[str] = FairQueue()
    for site, count in waiting.items():
        for _ in range(count):
            turns.add(site, site)
    taken = []
    for _ in range(steps):
        site = turns.next()
        turns.charge(site, COSTS[site])
        taken.append(site)
    return taken


def test_items_of_a_site_keep_their_order() -> None:
    turns: FairQueue[int] = FairQueue()
    for item in range(5):
        turns.add("fair", item)
    assert [turns.next() for _ in range(5)] == list(range(5))
    assert not turns


@pytest.mark.parametrize("first", COSTS)
def test_costly_items_wait_for_all_cheaper_ones(first: str) -> None:
    names = [first, *(name for name in COSTS if name != first)]
    taken = order(dict.fromkeys(names, 500), 222)
    assert (taken.count("dear"), taken.count("fair")) == (2, 20)


def test_idle_site_earns_no_credit() -> None:
    turns: FairQueue[str] = FairQueue()
    for _ in range(3):
        turns.add("fair", "fair")
        turns.charge(turns.next(), 100.0)
    turns.add("fair", "fair")
    for _ in range(1000):
        turns.add("cheap", "cheap")
    taken = []
    for _ in range(1000):
        taken.append(site := turns.next())
        turns.charge(site, 1.0)
    assert taken.index("fair") <= 101


@pytest.mark.parametrize(
    ("weights", "batches"),
    [
        ((0.25,) * 6, [4, 2]),
        ((2.0, 0.25, 0.25), [1, 2]),
        ((0.25, 2.0, 0.25), [1, 1, 1]),
        ((0.5, 0.75, 0.25), [1, 2]),
    ],
)
def test_batch_holds_the_first_items_that_fit(weights: tuple[float, ...], batches: list[int]) -> None:
    turns: FairQueue[float] = FairQueue()
    for weight in weights:
        turns.add("fair", weight)
    assert [len(turns.next_batch(float)) for _ in batches] == batches
    assert not turns


def test_items_put_back_come_first_in_their_order() -> None:
    turns: FairQueue[int] = FairQueue()
    for item in range(6):
        turns.add("fair", item)
    batch = turns.next_batch(lambda _: 0.25)
    turns.put_back("fair", batch[1:])
    assert [turns.next() for _ in range(5)] == [1, 2, 3, 4, 5]
