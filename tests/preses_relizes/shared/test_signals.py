import os
import signal
import sys
from multiprocessing.connection import wait

import pytest

from preses_relizes.shared.signals import INTERRUPTED, Ending, exit_at_once, sigterm_as_ctrl_c
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
def test_an_ending_is_noted_and_wakes_who_waits_for_it(number: signal.Signals) -> None:
    with Ending() as ending:
        assert (ending.has_come, wait([ending.fileno()], 0)) == (False, [])
        os.kill(os.getpid(), number)
        assert (ending.has_come, wait([ending.fileno()])) == (True, [ending.fileno()])


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_only_a_second_ctrl_c_interrupts_the_ending(first: signal.Signals) -> None:
    with Ending() as ending:
        os.kill(os.getpid(), first)
        os.kill(os.getpid(), signal.SIGTERM)
        assert wait([ending.fileno()]) == [ending.fileno()]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_an_ignored_signal_is_no_ending() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Ending() as ending:
            os.kill(os.getpid(), signal.SIGTERM)
            assert not ending.has_come
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


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


def test_handlers_are_put_back_and_ctrl_c_is_an_exception_after_an_import() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    own = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        kept = signal.getsignal(signal.SIGTERM)
        with exit_at_once():
            assert signal.getsignal(signal.SIGTERM) is kept  # not ours to change
            assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        assert signal.getsignal(signal.SIGTERM) is kept
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, own)
        signal.signal(signal.SIGINT, before[signal.SIGINT])


def test_the_handler_of_before_is_back_after_an_error_too() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def fail() -> None:
        with sigterm_as_ctrl_c():
            assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert signal.getsignal(signal.SIGTERM) == before


def test_an_interrupted_command_has_the_status_of_shells() -> None:
    assert INTERRUPTED == 130
