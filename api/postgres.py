"""A private PostgreSQL server for machines that have none: started, watched and stopped with the process that wants it."""

import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from api.binaries import Binaries, find_binaries

USER: Final = "kunak"
SOCKET_BYTES_MAX: Final = 107
SHORT_FOLDERS: Final = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - a folder of ours in it is made 0700 and checked
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
LOCK_SECONDS: Final = 20.0
LOG_BYTES_MAX: Final = 10_000_000
PR_SET_PDEATHSIG: Final = 1
STATUS_LINE: Final = 7
PRIVATE: Final = 0o700
UNSHARE: Final = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
SERVANTS: Final = ("kunak", "postgres", "nobody")


class Unstartable(Exception):
    """The private server cannot run here; the text says what to do."""


class Taken(Unstartable):
    """Another process serves this folder."""


@dataclass(frozen=True, slots=True)
class Disguise:
    """How a root process runs a server that refuses to be root: a prefix of the command, or another user."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def options(self) -> dict[str, Any]:
        """What `subprocess` must be told."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.group, "extra_groups": []}


class Postgres:
    """One server on one folder. It listens on a Unix socket only, in a folder that nobody else can enter."""

    def __init__(
        self,
        home: Path,
        *,
        binaries: Path | None = None,
        options: Mapping[str, str] | None = None,
        runs_as: Disguise | None = None,
    ) -> None:
        self.home = home.absolute()
        self.data = self.home / "data"
        self.disguise = runs_as or disguise()
        self.binaries: Binaries = find_binaries(self.data / "PG_VERSION", binaries)
        self.options = dict(options or {})
        self.socket_folder = self._socket_folder()
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str = USER) -> str:
        """The address of a database of this server, as `models.database.connect` takes it."""
        return f"asyncpg://{USER}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def start(self) -> None:
        """Start the server and return when it answers. Must be called on the main thread.

        The kernel ends the server with the thread that started it, not with the process: a short-lived thread would
        take the server along.
        """
        if threading.current_thread() is not threading.main_thread():
            msg = "start PostgreSQL on the main thread"
            raise RuntimeError(msg)
        private_folder(self.home, self.disguise.user)
        private_folder(self.socket_folder, self.disguise.user)
        self._lock = self._claim()
        try:
            if not self.data.exists():
                self._initialise()
            self._child = self._spawn(self._lock)
            self._wait_until_ready(self._child)
        except PermissionError as error:
            self.stop()
            msg = f"the server's user may not reach {error.filename or self.binaries.folder}: start Kunak as a user"
            raise Unstartable(msg) from None
        except BaseException:
            self.stop()
            raise

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: sessions are cut off, what was committed is kept."""
        if self._child is not None:
            child, self._child = self._child, None
            if child.poll() is None:
                child.send_signal(how)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGQUIT)
                child.wait()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def has_died(self) -> bool:
        """Whether the server that was started has ended, and nobody asked it to."""
        return self._child is not None and self._child.poll() is not None

    def revive(self) -> None:
        """Start a server that died anew, on the folder that is still ours, and return when it answers.

        Raises `Unstartable`. The thread that calls must outlive the server.
        """
        assert self._lock is not None  # noqa: S101 - what was started holds its lock until it is stopped
        self._child = self._spawn(self._lock)
        self._wait_until_ready(self._child)

    def is_served(self) -> bool:
        """Whether another process has this server up and ready, so that a command may join it by its address."""
        lines = self._pid_file()
        return lines[STATUS_LINE : STATUS_LINE + 1] == ["ready"] and alive(lines[0].encode())

    def _socket_folder(self) -> Path:
        """The home itself, or a short folder of ours where its path is too long for a socket."""
        if len(os.fsencode(self.home / ".s.PGSQL.5432")) <= SOCKET_BYTES_MAX:
            return self.home
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        name = f"kunak-{os.getuid()}-{digest}"
        # The folder for temporary files may be named at length too.
        for folder in (Path(tempfile.gettempdir()), *SHORT_FOLDERS):
            if len(os.fsencode(folder / name / ".s.PGSQL.5432")) <= SOCKET_BYTES_MAX and os.access(folder, os.W_OK):
                return folder / name
        raise Unstartable(f"no folder with a name short enough for a socket: set TMPDIR to a shorter one than {folder}")

    def _claim(self) -> int:
        """Take the lock that says this folder is served. The server inherits it, so it lives exactly as long.

        A lock whose owner is gone means a server on its way out: wait for it.
        """
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        patience = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                owner = os.pread(lock, 32, 0).strip()
                if alive(owner) or time.monotonic() > patience:
                    os.close(lock)
                    msg = (
                        f"{self.home} is served by another Kunak (process {owner.decode() or 'unknown'}): stop it first"
                    )
                    raise Taken(msg) from None
                time.sleep(0.02)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        return lock

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that a start that was killed leaves nothing half made."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [*self.disguise.prefix, str(self.binaries.folder / "initdb"), "-D", str(fresh), "-U", USER]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"]
        made = subprocess.run(command, capture_output=True, check=False, cwd="/", **self.disguise.options())
        if made.returncode != 0:
            raise Unstartable("initdb failed: " + made.stderr.decode(errors="replace").strip())
        fresh.rename(self.data)

    def _spawn(self, lock: int) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "log_min_messages": "warning",
            "log_line_prefix": "%m [%p] ",
            # Parameters of statements are people's data: they stay out of the log.
            "log_min_error_statement": "panic",
        } | self.options
        command = [*self.disguise.prefix, str(self.binaries.folder / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        path = self.home / "postgres.log"
        full = path.exists() and path.stat().st_size > LOG_BYTES_MAX
        with path.open("wb" if full else "ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                pass_fds=(lock,),
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - two system calls and no lock
                **self.disguise.options(),
            )

    def _wait_until_ready(self, child: "subprocess.Popen[bytes]") -> None:
        """Believe `postmaster.pid` only, and only when it names our child: a connection may reach somebody else's."""
        patience = time.monotonic() + READY_SECONDS
        while time.monotonic() < patience:
            if child.poll() is not None:
                raise Unstartable("PostgreSQL ended while starting: " + self._last_words())
            lines = self._pid_file()
            if lines[:1] == [str(child.pid)] and lines[STATUS_LINE : STATUS_LINE + 1] == ["ready"]:
                return
            time.sleep(0.01)
        raise Unstartable("PostgreSQL did not become ready: " + self._last_words())

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except (FileNotFoundError, UnicodeDecodeError):
            return []

    def _last_words(self) -> str:
        text = (self.home / "postgres.log").read_text(errors="replace")
        return " / ".join(text.strip().splitlines()[-3:])


def disguise() -> Disguise:
    """Find a way for root to run the server: a user namespace, else another user of the machine."""
    if os.getuid() != 0:
        return Disguise()
    if shutil.which("unshare") and subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0:
        return Disguise(prefix=UNSHARE)
    servant = another_user()
    if servant is not None:
        return servant
    msg = "PostgreSQL refuses to run as root, and there is no user to run it as: start Kunak as a user, or set DATABASE_URL"
    raise Unstartable(msg)


def another_user() -> Disguise | None:
    """A user of the machine who may run the server for root."""
    for name in SERVANTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Disguise(user=found.pw_uid, group=found.pw_gid)
    return None


def private_folder(path: Path, user: int | None) -> None:
    """Make a folder for us alone, or check that it is. Whoever can enter it is let in without a password."""
    owner = os.getuid() if user is None else user
    try:
        path.mkdir(mode=PRIVATE, parents=True)
    except FileExistsError:
        pass
    else:
        os.chown(path, owner, -1)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != PRIVATE:
        msg = f"{path} must be a folder of the server's user alone (mode 0700): PostgreSQL trusts whoever can enter it"
        raise Unstartable(msg)


def alive(pid: bytes) -> bool:
    """Whether a process of that number runs; one that ended and waits to be noticed does not."""
    if not pid.isdigit():
        return False
    try:
        state = Path(f"/proc/{pid.decode()}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except (OSError, IndexError):
        state = b"?"
    if state == b"Z":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def die_with(parent: int) -> Any:
    """What the child does before it becomes the server: ask the kernel to be ended with its parent."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def promise() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return promise
