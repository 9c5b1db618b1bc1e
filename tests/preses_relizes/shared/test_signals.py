import os
import signal
import sys

import pytest

from preses_relizes.shared.signals import INTERRUPTED, sigterm_as_ctrl_c
from tests.support.children import run_bounded


def test_sigterm_interrupts_as_ctrl_c_does() -> None:
    with pytest.raises(KeyboardInterrupt), sigterm_as_ctrl_c():
        os.kill(os.getpid(), signal.SIGTERM)


def test_sigterm_acts_as_before_after_the_block() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with sigterm_as_ctrl_c():
        pass
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("with exit_at_once():\n try: os.kill(os.getpid(), N)\n finally: print('cleanup')", INTERRUPTED),
        ("signal.signal(N, signal.SIG_IGN)\nwith exit_at_once(): os.kill(os.getpid(), N)\nsys.exit(7)", 7),
        ("with exit_at_once(): pass\ntry: os.kill(os.getpid(), N)\nexcept KeyboardInterrupt: sys.exit(8)", 8),
    ],
    ids=["within the block", "ignored", "after the block"],
)
def test_a_signal_ends_an_import_at_once_and_is_an_exception_later(
    code: str, status: int, number: signal.Signals
) -> None:
    start = (
        f"import os, signal, sys\nfrom preses_relizes.shared.signals import exit_at_once\nN = {int(number)}\n"
    )
    done = run_bounded([sys.executable, "-c", start + code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")
