"""Keeps sockets open while programs are exchanged: the former one leaves when the new one is ready.

A fork of this process could not run new code, so programs are executed. This process imports nothing but the
standard library, all of it when it starts: an upgrade may replace its files at any time.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence

from preses_relizes.keeper.program import Program
from preses_relizes.keeper.reload_desk import ReloadDesk
from preses_relizes.keeper.service_manager import ServiceManager

# A program that is not ready by then does not replace the former one.
_START_S = 150.0
# Minimum time between two starts of programs that die.
_PAUSE_S = 1.0
# Programs that may wait for the last requests of their clients; each has its memory.
_LEAVING_MAX = 2
_STOPS = (signal.SIGINT, signal.SIGTERM)
_TICK_S = 1.0


def keep(command: Sequence[str]) -> int:
    """Run *command* until Ctrl-C or SIGTERM, and exchange it at SIGUSR2; return its exit code.

    SIGHUP is passed on.
    """
    return Keeper(command).run()


class Keeper:
    """The programs of *command*: the one that answers, one that starts, those that leave."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._environment = dict(os.environ)
        self._manager = ServiceManager(self._environment)
        self._sockets = self._manager.sockets
        self._is_activated = bool(self._sockets)
        self._desk = ReloadDesk()
        self._answering: Program | None = None
        self._starting: Program | None = None
        self._leaving: list[Program] = []
        self._is_ending = self._is_asked = self._has_answered = False
        self._restart_at: float | None = None
        self._code = 0

    def run(self) -> int:
        """Run until there is no program and none is to be started; return the exit code of the last one."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        for handled in (*_STOPS, signal.SIGHUP, signal.SIGUSR2, signal.SIGCHLD):
            # An ignored signal stays ignored, such as Ctrl-C in a background job.
            if handled == signal.SIGCHLD or signal.getsignal(handled) is not signal.SIG_IGN:
                signal.signal(handled, lambda *_: None)
        self._start()
        while self._programs() or self._restart_at is not None:
            desk = [self._desk.fileno()] if self._desk.is_open else []
            self._wait([reader, *desk, *(one.fileno() for one in self._programs())])
            for number in _read(reader):
                self._on_signal(signal.Signals(number))
            for program in self._programs():
                program.hear()
                if program is self._starting and program.is_ready:
                    self._exchange(program)
                if (code := program.exit_code()) is not None:
                    self._on_exit(program, code)
            self._on_time(time.monotonic())
        self._desk.close()
        return self._code

    def _programs(self) -> list[Program]:
        return [one for one in (self._starting, self._answering, *self._leaving) if one]

    def _wait(self, descriptors: Sequence[int]) -> None:
        poll = select.poll()
        for descriptor in descriptors:
            poll.register(descriptor, select.POLLIN)
        is_timed = self._starting or self._restart_at is not None
        wait_s = _TICK_S if is_timed else self._manager.watchdog_s / 4
        poll.poll(wait_s * 1000 or None)

    def _start(self) -> None:
        self._starting = Program(
            self._command,
            self._sockets,
            activated=self._is_activated,
            follows=self._answering is not None,
            environment=self._environment,
        )

    def _reload(self) -> None:
        self._is_asked = False
        self._desk.begin()
        self._manager.reloading()
        self._start()

    def _on_signal(self, number: signal.Signals) -> None:
        if number in _STOPS:
            # Ctrl-C reaches the programs, too, and a second one interrupts them.
            is_second = self._is_ending and number == signal.SIGINT
            passed = signal.SIGINT if is_second else signal.SIGTERM
            self._is_ending, self._restart_at = True, None
            self._manager.stopping()
            for program in self._programs():
                program.signal(passed)
        elif number == signal.SIGHUP:
            for program in self._programs():
                if program is self._starting:
                    program.missed_hangup = True
                else:
                    program.signal(number)
        elif number == signal.SIGUSR2:
            self._is_asked = True

    def _on_time(self, now: float) -> None:
        """Do what is due."""
        is_asked = self._desk.has_request() or self._is_asked
        if self._is_ending:
            return
        if self._restart_at is not None and now >= self._restart_at and not self._starting:
            self._restart_at = None
            self._start()
        if self._starting and self._answering and now > self._starting.started + _START_S:
            self._starting.signal(signal.SIGKILL)
        if is_asked and self._answering and not self._starting:
            self._reload()
        limit_s = self._manager.watchdog_s / 2
        if limit_s and self._answering and now - self._answering.pulse < limit_s:
            self._manager.pulse()

    def _exchange(self, program: Program) -> None:
        """Let *program*, which is ready, follow the one that answers."""
        former, self._answering, self._starting = self._answering, program, None
        self._has_answered, self._restart_at = True, None
        if program.missed_hangup:
            program.signal(signal.SIGHUP)
        for one in self._sockets:
            one.close()
        self._sockets, program.sockets = program.sockets, []
        self._manager.ready("answering")
        if former:
            former.leave()
            self._leaving.append(former)
            _report(f"reloaded in {time.monotonic() - program.started:.1f} s")
            self._desk.report()
        if len(self._leaving) > _LEAVING_MAX:
            self._leaving[0].signal(signal.SIGTERM)

    def _on_exit(self, program: Program, code: int) -> None:
        program.close()
        how = f"exit status {code}" if code >= 0 else f"signal {-code}"
        if program is self._answering:
            self._answering = None
            if self._is_ending or code in (0, -signal.SIGHUP):
                self._end(code)
            else:
                _report(f"the program ended ({how}); starting another")
                self._restart_at = time.monotonic() + _PAUSE_S
        elif program is self._starting:
            self._starting = None
            if self._answering and not self._is_ending:
                _report(f"not reloaded ({how}); the former program goes on")
                self._manager.ready("not reloaded; the former program goes on")
                self._desk.report(f"not reloaded ({how}); the log says why")
            elif self._restart_at is None and not (self._is_ending and self._has_answered):
                self._end(code)
        else:
            self._leaving.remove(program)

    def _end(self, code: int) -> None:
        """End with the exit *code* of the program that answered, or was to."""
        if self._is_ending and -code in _STOPS:
            # It had hardly started, or was at its end: 130, as if it had taken the signal.
            code = -signal.SIGINT
        self._code = code if code >= 0 else 128 - code
        if not self._is_ending:
            self._on_signal(signal.SIGTERM)


def _read(reader: int) -> Iterator[int]:
    """Yield the numbers of the signals that have come."""
    try:
        yield from os.read(reader, 1000)
    except BlockingIOError:
        return


def _report(text: str) -> None:
    print(f"serve: {text}", file=sys.stderr, flush=True)
