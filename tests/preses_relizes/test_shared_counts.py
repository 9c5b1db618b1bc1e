import os

from preses_relizes.shared_counts import share_counts


def test_forked_process_changes_what_its_parent_reads() -> None:
    counts = share_counts(3)
    child = os.fork()
    if not child:
        counts[1] = 25
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert list(counts) == [0, 25, 0]
