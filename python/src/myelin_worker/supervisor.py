"""The process that the container runs: it opens the connections and keeps a session behind each.

It ignores SIGTERM: the front still answers requests then, and closes the connections when it has no more.
Holding a second descriptor of each connection, it can end it for the front the moment a session dies, even
if the user's code left children that hold it too.
"""

from __future__ import annotations

import atexit
import os
import select
import signal
import socket
import sys
import time
import traceback
from typing import Any, Dict, List, Optional

from myelin_worker.frames import Connection
from myelin_worker.session import log, serve

POLL_SECONDS = 0.05
KILL_SECONDS = 2.0
# How long a front that was there may be away before this process leaves too.
AWAY_SECONDS = 2.0
TELL_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 10.0
# A session that lived so long was no failed start.
STEADY_SECONDS = 60.0
# Longest path that the address of a Unix socket holds everywhere.
LONGEST_PATH = 100


def main() -> int:
    """Runs until the front is gone (0), or until the class turns out not to load (1)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    path = os.environ.get("MYELIN_SOCKET", "")
    text = os.environ.get("NUM_WORKERS") or "1"
    if not path:
        log("'MYELIN_SOCKET' (not set) must be the path of the front's socket, run the worker beside one")
        return 1
    if not text.isdigit() or not 1 <= int(text) <= 64:
        log(f"'NUM_WORKERS' ({text}) must be a number from 1 to 64, correct it")
        return 1
    sys.path.insert(0, os.getcwd())
    return Supervisor(path, int(text)).run()


def connect(path: str) -> Optional[socket.socket]:
    """A connection to the front; None while it does not listen."""
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    here: Optional[int] = None
    try:
        if len(os.fsencode(path)) > LONGEST_PATH:
            here = os.open(".", os.O_RDONLY)
            os.chdir(os.path.dirname(path))
            path = os.path.basename(path)
        connected.connect(path)
        return connected
    except OSError:  # not there, not listening, or not yet open to others
        connected.close()
        return None
    finally:
        if here is not None:
            os.fchdir(here)
            os.close(here)


class Session:
    """A child process and this side's hold on it."""

    def __init__(self, pid: int, connected: socket.socket, link: socket.socket) -> None:
        self.pid = pid
        self.connected = connected
        self.link = link
        self.begin = time.monotonic()
        self.loaded = False
        self.kill_at: Optional[float] = None

    def release(self) -> None:
        """Ends the connection for the front, which may still have sent a request that nobody read."""
        try:
            if self.connected.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                Connection(self.connected).write({"unread": True})
        except OSError:
            pass
        try:
            self.connected.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.connected.close()
        self.link.close()


class Supervisor:
    def __init__(self, path: str, count: int) -> None:
        self._path = path
        self._count = count
        self._sessions: Dict[int, Session] = {}
        # When to start each session that is missing, and since when the front is away.
        self._due: List[float] = []
        self._away_since: Optional[float] = None
        self._told = 0.0
        self._met_front = False
        self._crashes = 0
        self._stopping = False
        self._failed = False

    def run(self) -> int:
        self._wake, wake = socket.socketpair()
        for end in (self._wake, wake):
            end.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.signal(signal.SIGINT, _nothing)
        signal.signal(signal.SIGTERM, self._stop)
        self._inherited = [self._wake, wake]
        self._due = [0.0] * self._count
        while self._sessions or self._due:
            self._start_due()
            if self._sessions or self._due:
                self._watch()
            self._reap()
        return 1 if self._failed else 0

    def _stop(self, *_args: Any) -> None:
        self._stopping = True

    def _start_due(self) -> None:
        now = time.monotonic()
        if self._stopping or self._failed:
            self._due = []
        while self._due and self._due[0] <= now:
            connected = connect(self._path)
            if connected is None:
                return self._front_is_away(now)
            self._away_since = None
            self._met_front = True
            self._due.pop(0)
            self._start(connected)

    def _front_is_away(self, now: float) -> None:
        if self._away_since is None:
            self._away_since = self._told = now
        if self._met_front and now - self._away_since > AWAY_SECONDS:
            log("leaves, the front is gone")
            self._due = []
        elif now - self._told > TELL_SECONDS:
            self._told = now
            log(f"waits for the front: socket={self._path}")

    def _start(self, connected: socket.socket) -> None:
        link, child_link = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            os._exit(self._child(connected, link, child_link))
        child_link.close()
        self._sessions[pid] = Session(pid, connected, link)

    def _child(self, connected: socket.socket, link: socket.socket, child_link: socket.socket) -> int:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # A handler and not SIG_IGN, which programs that the user's code starts would inherit.
            signal.signal(signal.SIGTERM, _nothing)
            # What is left open here would outlive the session it belongs to.
            for other in self._sessions.values():
                other.connected.close()
                other.link.close()
            for end in [link, *self._inherited]:
                end.close()
            code = serve(Connection(connected), child_link.fileno(), lambda: child_link.sendall(b"r"))
        except BaseException:
            traceback.print_exc()
        finally:
            if code == 0:
                _run_exit_handlers()
            sys.stdout.flush()
            sys.stderr.flush()
        return code

    def _watch(self) -> None:
        poller = select.poll()
        poller.register(self._wake, select.POLLIN)
        for session in self._sessions.values():
            if not session.loaded:
                poller.register(session.link, select.POLLIN)
            if session.kill_at is None:
                poller.register(session.connected, 0)
        sooner = [session.kill_at for session in self._sessions.values() if session.kill_at is not None] + self._due[:1]
        now = time.monotonic()
        # A start that is due and was not made waits for the front.
        pause = None if not sooner else max(POLL_SECONDS, min(sooner) - now) * 1000
        ready = dict(poller.poll(pause))
        if self._wake.fileno() in ready:
            self._wake.recv(4096)
        for session in self._sessions.values():
            if session.link.fileno() in ready and not session.loaded:
                session.loaded = session.link.recv(1) == b"r"
            if session.connected.fileno() in ready and session.kill_at is None:
                session.kill_at = time.monotonic() + KILL_SECONDS
            if session.kill_at is not None and session.kill_at <= time.monotonic():
                # Its own watcher could not run: code outside Python holds the interpreter.
                os.kill(session.pid, signal.SIGKILL)
                session.kill_at = time.monotonic() + KILL_SECONDS

    def _reap(self) -> None:
        for session in list(self._sessions.values()):
            pid, status = os.waitpid(session.pid, os.WNOHANG)
            if pid == 0:
                continue
            if not session.loaded:
                session.link.setblocking(False)
                try:
                    session.loaded = session.link.recv(1) == b"r"
                except OSError:
                    pass
            del self._sessions[pid]
            session.release()
            self._replace(session, status)

    def _replace(self, session: Session, status: int) -> None:
        closed = session.kill_at is not None or status == 0
        # One whose class does not load has said so itself, and better.
        if not closed and (session.loaded or os.WIFSIGNALED(status)):
            how = f"signal={os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"code={os.WEXITSTATUS(status)}"
            log(f"session ended: pid={session.pid} {how}")
        if self._stopping:
            return
        if not session.loaded and not closed and not any(other.loaded for other in self._sessions.values()):
            # Ends the container, so that its state tells why.
            self._failed = True
            for other in self._sessions.values():
                os.kill(other.pid, signal.SIGKILL)
            return
        if time.monotonic() - session.begin > STEADY_SECONDS:
            self._crashes = 0
        pause = 0.0 if self._crashes == 0 else min(LONGEST_PAUSE_SECONDS, 2.0 ** (self._crashes - 1))
        self._crashes += 1
        self._due = sorted([*self._due, time.monotonic() + pause])


def _nothing(*_args: Any) -> None:
    pass


def _run_exit_handlers() -> None:
    # The fork ends by os._exit, which skips those of the user's class.
    atexit._run_exitfuncs()  # type: ignore[attr-defined]
