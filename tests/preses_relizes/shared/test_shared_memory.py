import os

from preses_relizes.shared.shared_memory import share_counts, share_sums


def test_forked_process_changes_what_its_parent_reads() -> None:
    counts, sums = share_counts(3), share_sums(2)
    child = os.fork()
    if not child:
        counts[1] = 25
        sums[0] += 0.5
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert list(counts) == [0, 25, 0]
    assert sums.tolist() == [0.5, 0.0]


def test_numbers_begin_at_zero_and_keep_their_kind() -> None:
    counts, sums = share_counts(2), share_sums(3)
    assert (list(counts), sums.tolist()) == ([0, 0], [0.0, 0.0, 0.0])
    counts[1] -= 7
    sums[2] += 1e12 + 0.25
    assert (list(counts), sums.tolist()) == ([0, -7], [0.0, 0.0, 1e12 + 0.25])
