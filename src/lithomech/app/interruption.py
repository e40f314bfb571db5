"""Ctrl-C, SIGTERM and a terminal that closes: a command stops within about a second.

A signal raises KeyboardInterrupt in the main thread; the command lets go of what it was doing.
Where the main thread does not get to it, because it compiles or is inside a long numerical
routine, a second thread ends the process: results are replaced in one move, so that none is
left half written.
"""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, final

SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown to Windows
PATIENCE: Final = 1.0  # s that a command has to let go
LAST_PATIENCE: Final = 0.3  # s after a second signal
BASE: Final = 128  # with the number of the signal the exit code, as shells have it
INTERRUPTED: Final = BASE + signal.SIGINT.value  # typer returns it, too
KEPT: Final = -INTERRUPTED  # what a command returns that has shown what was done
SHOW_CURSOR: Final = "\x1b[?25h"  # a progress bar hides it


@final
class Interruption:
    """How a command is stopped from outside."""

    def __init__(self, receiver: socket.socket, *, as_json: bool) -> None:
        self.code = INTERRUPTED
        self._receiver = receiver  # gets the number of each signal
        self._as_json = as_json
        self._handled = False

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Raise KeyboardInterrupt; Python calls this in the main thread."""
        self.code, self._handled = BASE + number, True
        raise KeyboardInterrupt

    def report(self) -> None:
        """Say that the command was interrupted, on a terminal that may be gone."""
        with suppress(OSError):
            if self._as_json:
                os.write(1, f"{json.dumps(STOPPED)}\n".encode())
        with suppress(OSError):
            end = SHOW_CURSOR if os.isatty(2) else ""
            os.write(2, f"{end}lithomech: interrupted\n".encode())

    def watch(self) -> None:
        """End the process where the command does not; runs in a thread of its own."""
        patience, first = None, True
        while True:
            self._receiver.settimeout(patience)
            try:
                arrived = self._receiver.recv(1)
            except TimeoutError:
                if patience == LAST_PATIENCE or not self._handled:
                    break
                patience = None  # it is letting go, or writes what was done
                continue
            if not arrived:  # the command is over
                self._receiver.close()
                return
            self.code = BASE + arrived[0]
            # the first may be handled already: which thread comes first is chance
            patience, first = (PATIENCE if first else LAST_PATIENCE), False
        self.report()
        os._exit(self.code)


STOPPED: Final = {"status": "interrupted", "reason": "stopped from outside"}


@contextmanager
def interruptible(*, as_json: bool) -> Iterator[Interruption]:
    """Have signals raise KeyboardInterrupt, and watch that it helps.

    Args:
        as_json: whether standard output wants an object.
    """
    sender, receiver = socket.socketpair()
    sender.setblocking(False)
    interruption = Interruption(receiver, as_json=as_json)
    numbers = [number for number in signal.valid_signals() if _name(number) in SIGNALS]
    before = {number: signal.getsignal(number) for number in numbers}
    wakeup = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=interruption.watch, daemon=True).start()
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, interruption.handle)
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        sender.close()


def _name(number: int) -> str:
    return number.name if isinstance(number, signal.Signals) else ""
