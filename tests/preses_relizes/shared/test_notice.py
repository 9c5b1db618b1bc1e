import os
from multiprocessing.connection import wait

import pytest

from preses_relizes.shared.notice import Notice


def test_a_notice_is_seen_by_whoever_waits_then_or_later() -> None:
    notice = Notice()
    assert (notice.has_come, wait([notice.fileno()], 0)) == (False, [])
    for _ in range(2):
        notice.give()
        assert (notice.has_come, wait([notice.fileno()])) == (True, [notice.fileno()])
    notice.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(notice.fileno())
