"""The session's side of a process of its own: start it, talk to it, notice its death, end it."""

import asyncio
import contextlib
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from snowdome.session import protocol
from snowdome.session.protocol import Command, Fit, FitReport, QueryCommand, QueryReport, Report

# -P: what lies in the current folder must not stand in for a library.
WORKER: tuple[str, ...] = (sys.executable, "-P", "-m", "snowdome.session.worker")
PIPE_BYTES = 1 << 20
SECONDS_TO_END = 1.0


Told = TypeVar("Told", Report, QueryReport, FitReport)


class WorkerProcess(Generic[Told]):
    """One child process. `on_report` and `on_exit` are called on the event loop that started it.

    A thread reads its reports and a thread writes the commands, so that the loop never waits for a pipe.
    """

    def __init__(
        self,
        command: Sequence[str],
        decode: Callable[[bytes], Told],
        on_report: Callable[[Told], None],
        on_exit: Callable[[int], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._decode: Callable[[bytes], Told] = decode
        self._on_report: Callable[[Told], None] = on_report
        self._on_exit = on_exit
        self._commands: queue.SimpleQueue[Command | QueryCommand | Fit | None] = queue.SimpleQueue()
        # A session of its own keeps the terminal's Ctrl-C away from it.
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            pipesize=PIPE_BYTES,
        )
        self.pid = self._child.pid
        self._reader = threading.Thread(target=self._read, name="worker-reports", daemon=True)
        self._writer = threading.Thread(target=self._write, name="worker-commands", daemon=True)
        self._reader.start()
        self._writer.start()

    def send(self, command: Command | QueryCommand | Fit) -> None:
        """Have a command written."""
        self._commands.put(command)

    def kill(self) -> None:
        """End it at once; `on_exit` follows."""
        self._child.kill()

    async def close(self) -> None:
        """Close its stdin, at which it ends; kill it where it does not. Returns when it is gone."""
        self._commands.put(None)
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        try:
            self._child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._child.kill()
        self._child.wait()
        self._reader.join()
        self._writer.join()

    def _read(self) -> None:
        pipe = self._child.stdout
        if pipe is None:
            raise RuntimeError("the worker was started without a pipe")
        with pipe:
            while (body := protocol.read(pipe)) is not None:
                self._call(self._on_report, self._decode(body))
        returncode = self._child.wait()
        self._commands.put(None)
        self._call(self._on_exit, returncode)

    def _write(self) -> None:
        pipe = self._child.stdin
        if pipe is None:
            raise RuntimeError("the worker was started without a pipe")
        with contextlib.suppress(BrokenPipeError, OSError):  # it died: the reader says so
            while (command := self._commands.get()) is not None:
                protocol.write(pipe, command)
        with contextlib.suppress(BrokenPipeError, OSError):
            pipe.close()

    def _call(self, function: Callable[[Any], None], argument: Told | int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            self._loop.call_soon_threadsafe(function, argument)


def cause(returncode: int) -> str:
    """Why a process ended, in words."""
    if returncode >= 0:
        return f"it ended with code {returncode}"
    number = -returncode
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"it was ended by signal {number}"
    if name == "SIGKILL":
        return "it was killed (SIGKILL), by a person or by the system for want of memory"
    if name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE"):
        return f"it crashed ({name})"
    return f"it was ended ({name})"
