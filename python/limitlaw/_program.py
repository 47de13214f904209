"""The process that computes: started on the first call, asked a JSON object a line, ended with this one."""

from __future__ import annotations

import atexit
import json
import os
import selectors
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import IO, Any, Callable, Dict, List, Optional, Tuple, TypeVar

from ._errors import NotFoundError, ProgramError, error_named
from ._find import find_program

_PROTOCOL = 1
_KINDS = {"result", "error", "progress", "log"}
# Seconds that a cancelled request has to end by itself before its process is ended.
_GRACE = 2.0


@dataclass(frozen=True)
class Program:
    """The program that answers."""

    version: str
    command: Tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How far a call is: ``done`` of ``total`` draws, and shares of those that have ``begun``."""

    done: int
    total: int
    begun: float
    label: str


class Connection:
    """One process, and the one request that it is asked at a time."""

    def __init__(self) -> None:
        self.command = find_program()
        # A file, since nobody reads while it writes.
        self._log: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                [*self.command, "serve", "--stdio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                bufsize=0,
                # Ctrl-C in a terminal is for this process, which tells the other.
                **_OWN_GROUP,
            )
        except OSError as error:
            raise NotFoundError(f"{self.command[0]!r} cannot be started: {error}") from error
        self._unread = bytearray()
        self._last = 0
        try:
            greeting = self.ask("hello", {"protocol": _PROTOCOL})
            self.version = str(greeting["version"])
        except ProgramError as error:
            self.end()
            raise NotFoundError(
                f"{' '.join(self.command)!r} is no limitlaw that this package can ask: {error}"
            ) from error
        except BaseException:
            self.end()
            raise

    def ask(
        self,
        method: str,
        params: Dict[str, Any],
        on_progress: Optional[Callable[[Progress], None]] = None,
        folder: Optional[str] = None,
    ) -> Any:
        """The result of a request, whose relative paths are in ``folder``. Whatever interrupts it, the next one can be asked, perhaps of a new process."""
        self._last += 1
        number = self._last
        request = {"id": number, "method": method, "params": params, "folder": folder or os.getcwd()}
        try:
            self._write(request)
            answer = self._answer(number, on_progress)
        except ProgramError:
            raise
        except BaseException:
            self._abandon(number)
            raise
        if "error" not in answer:
            return answer["result"]
        raise error_named(answer["error"]["kind"], answer["error"]["message"])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Closes its input, on which it ends; ends it where it is at work."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def leave(self) -> None:
        """In a child made by a fork: lets go of what belongs to the parent, who goes on with it."""
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()
        self._process.returncode = 0

    def _write(self, message: Dict[str, Any]) -> None:
        rest = memoryview(json.dumps(message, allow_nan=False).encode() + b"\n")
        stdin = self._process.stdin
        assert stdin is not None
        try:
            while rest:
                rest = rest[stdin.write(rest) :]
        except OSError as error:
            raise self._ended() from error

    def _answer(
        self,
        number: int,
        on_progress: Optional[Callable[[Progress], None]] = None,
        until: float = float("inf"),
    ) -> Dict[str, Any]:
        while True:
            message = self._message(until)
            if message.get("id") != number:
                continue
            if "result" in message or "error" in message:
                return message
            if on_progress is not None and "progress" in message:
                told = message["progress"]
                on_progress(
                    Progress(told["done"], told["total"], told.get("begun", 0), told["label"])
                )

    def _message(self, until: float) -> Dict[str, Any]:
        line = self._line(until)
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict) or not _KINDS & message.keys():
            self.end()
            raise ProgramError(f"it answered with {bytes(line[:80])!r}")
        return message

    def _line(self, until: float) -> bytearray:
        stdout = self._process.stdout
        assert stdout is not None
        searched = 0
        while True:
            end = self._unread.find(b"\n", searched)
            if end >= 0:
                line = self._unread[:end]
                del self._unread[: end + 1]
                return line
            searched = len(self._unread)
            if until < float("inf"):
                with selectors.DefaultSelector() as selector:
                    selector.register(stdout, selectors.EVENT_READ)
                    if not selector.select(max(0.0, until - time.monotonic())):
                        raise TimeoutError
            piece = stdout.read(1 << 20)
            if not piece:
                raise self._ended()
            self._unread += piece

    def _abandon(self, number: int) -> None:
        """After an interruption: cancels what was asked and waits a little for that, or ends the process."""
        try:
            if os.name == "nt" or not self.alive:
                raise TimeoutError
            self._last += 1
            self._write({"id": self._last, "method": "cancel", "params": {"id": number}})
            self._answer(number, until=time.monotonic() + _GRACE)
        except BaseException as error:
            self._process.kill()
            self.end()
            if not isinstance(error, (TimeoutError, ProgramError)):
                raise

    def _ended(self) -> ProgramError:
        try:
            code: Optional[int] = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            code = None
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - 2000))
        said = self._log.read().decode(errors="replace").strip()
        how = "closed its output" if code is None else f"ended by signal {-code}" if code < 0 else f"ended with {code}"
        self.end()
        return ProgramError(f"limitlaw {how}{': ' + said if said else ''}")


_OWN_GROUP: Dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if os.name == "nt"
    else {"start_new_session": True}
)

_connection: Optional[Connection] = None
# Requests wait for each other; one asked from within another's progress would wait for ever.
_lock = threading.Lock()
_asking: Optional[int] = None


def ask(
    method: str,
    params: Dict[str, Any],
    on_progress: Optional[Callable[[Progress], None]] = None,
) -> Any:
    """Asks the one process of this one, started where there is none."""
    return _in_turn(lambda: _connected().ask(method, params, on_progress))


Handle = Tuple[Connection, int]


class HasHandle:
    """What names a law and where its files are, and its handle in the process that has solved for it."""

    naming: Dict[str, Any]
    folder: str
    handle: Optional[Handle]


def ask_for_law(naming: Dict[str, Any], folder: str) -> Tuple[Dict[str, Any], Optional[Handle]]:
    """What the program says of a law, and its handle; none where there is no law."""

    def solve() -> Tuple[Dict[str, Any], Optional[Handle]]:
        connection = _connected()
        report = connection.ask("law", naming, folder=folder)
        number = report.pop("handle", None)
        return report, None if number is None else (connection, number)

    return _in_turn(solve)


def ask_law(law: HasHandle, params: Dict[str, Any]) -> Any:
    """Asks a law, which a process started since it was made solves for again."""

    def evaluate() -> Any:
        connection = _connected()
        if law.handle is None or law.handle[0] is not connection:
            law.handle = (connection, connection.ask("law", law.naming, folder=law.folder)["handle"])
        return connection.ask("evaluate", {**params, "handle": law.handle[1]})

    return _in_turn(evaluate)


def forget(handle: Optional[Handle]) -> None:
    """Lets a law go, with the next request: this may be called from anywhere, a request included."""
    if handle is not None:
        _forgotten.append(handle)


_forgotten: List[Handle] = []


def program() -> Program:
    """The program that answers, started if need be."""

    def known() -> Program:
        connection = _connected()
        return Program(connection.version, tuple(connection.command))

    return _in_turn(known)


def close() -> None:
    """Ends the process; the next call starts another. Called at the end of this one by itself."""

    def end() -> None:
        global _connection
        connection, _connection = _connection, None
        if connection is not None:
            connection.end()

    _in_turn(end)


def _connected() -> Connection:
    global _connection
    if _connection is not None and not _connection.alive:
        _connection.end()
        _connection = None
    if _connection is None:
        _connection = Connection()
    while _forgotten:
        connection, handle = _forgotten.pop()
        if connection is _connection:
            connection.ask("forget", {"handle": handle})
    return _connection


_Result = TypeVar("_Result")


def _in_turn(work: Callable[[], _Result]) -> _Result:
    global _asking
    if _asking == threading.get_ident():
        raise RuntimeError("limitlaw is asked from within a call of limitlaw: ask when that has returned")
    with _lock:
        try:
            _asking = threading.get_ident()
            return work()
        finally:
            _asking = None


def _after_fork() -> None:
    global _connection, _lock, _asking
    _lock = threading.Lock()
    _asking = None
    _forgotten.clear()
    connection, _connection = _connection, None
    if connection is not None:
        connection.leave()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
atexit.register(close)
