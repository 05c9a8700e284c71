"""PostgreSQL, pgbouncer and a line that breaks, each started by a test for itself: a directory of its own, a free port, no root."""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import psycopg2


def binaries() -> pathlib.Path:
    """Where the newest server lies; Debian keeps it off the PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    told = shutil.which("initdb")
    if told is None:
        raise RuntimeError("there is no PostgreSQL server; install it: deploy/needs test")
    return pathlib.Path(told).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged() -> list[str]:
    """What stands before a command that refuses to run as root."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
    raise RuntimeError("there is no user for the server to run as")


def give(path: pathlib.Path) -> None:
    """Lets the server's user have a file or directory."""
    before = unprivileged()
    if before:
        os.chown(path, int(before[1].split("=")[1]), int(before[2].split("=")[1]))


# What a server says that goes, or comes back from a crash (SQLSTATE 57P03, which psycopg2 does not tell of a connection).
NOT_YET = "recovery mode|starting up|shutting down|not yet accepting connections"


class Cluster:
    """A server with its data, as small and quick as a test wants it. It does write its log to disk: crashes are tested."""

    def __init__(self, *, authentication: str = "trust", settings: dict[str, str] | None = None, encoding="UTF8"):
        # Not under the tests' own directories: a Unix socket's path is at most 107 bytes.
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="panel-pg-"))
        give(self.place)
        self.port = free_port()
        self._settings = settings or {}
        self._run("initdb", "-D", self.data, "-U", "owner", "-E", encoding, "--locale=C", "-A", authentication, "--no-sync")
        self.start()

    @property
    def data(self) -> pathlib.Path:
        return self.place / "data"

    def _run(self, program: str, *words, check=True) -> subprocess.CompletedProcess:
        command = [*unprivileged(), str(binaries() / program), *map(str, words)]
        done = subprocess.run(command, cwd=self.place, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}{self.log()}")
        return done

    def start(self) -> None:
        settings = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.place,
            "max_connections": 40, "log_min_messages": "error",
            # After a crash it would otherwise synchronise every file of every test.
            "recovery_init_sync_method": "syncfs", **self._settings,
        }
        words = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        self._run("pg_ctl", "-D", self.data, "-l", self.place / "log", "-o", words, "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def log(self) -> str:
        path = self.place / "log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.place, ignore_errors=True)

    def create(self, database: str, *options: str) -> str:
        self.ask("postgres", f"CREATE DATABASE {database} {' '.join(options)}")
        return self.address(database)

    def address(self, database: str, user: str = "owner", port: int | None = None) -> str:
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def connect(self, database: str, **more):
        deadline = time.monotonic() + 60
        while True:
            try:
                return self._connect(database, **more)
            except psycopg2.OperationalError as error:
                if not re.search(NOT_YET, str(error)) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _connect(self, database: str, **more):
        return psycopg2.connect(host="127.0.0.1", port=self.port, dbname=database, user=more.pop("user", "owner"), **more)

    def ask(self, database: str, statement: str, values=None) -> list[tuple]:
        with contextlib.closing(self.connect(database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []


class Pooler:
    """pgbouncer in transaction mode before a server: every transaction may get another session."""

    def __init__(self, cluster: Cluster, sessions: int = 2):
        self.port = free_port()
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="panel-pooler-"))
        give(self._place)
        users, settings = self._place / "users.txt", self._place / "pgbouncer.ini"
        users.write_text('"owner" ""\n')
        settings.write_text(
            f"""[databases]
* = host=127.0.0.1 port={cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
"""
        )
        for path in (users, settings):
            give(path)
        program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        self._process = subprocess.Popen(
            [*unprivileged(), program, str(settings)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self._place / "log", "wb"),
        )
        wait_for(self.port, self._process)

    def remove(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._place, ignore_errors=True)


def wait_for(port: int, process: subprocess.Popen | None = None, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline or (process and process.poll() is not None):
                raise
            time.sleep(0.02)


class Line:
    """A line to a server that breaks where it is told to.

    up, down: connections are cut when so many bytes have gone that way in all; swallow: so many answers to COMMIT are never
    delivered, the connection is cut in their place; silent: nothing is ever answered.
    """

    COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"

    def __init__(self, port: int, *, up: int | None = None, down: int | None = None, swallow: int = 0, silent=False):
        self._server = port
        self._up, self._down, self._swallow, self._silent = up, down, swallow, silent
        self.cuts = 0
        self.carried = [0, 0]
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._silent:
                threading.Thread(target=lambda held: held.recv(1 << 20) and time.sleep(60), args=(near,), daemon=True).start()
                continue
            far = socket.create_connection(("127.0.0.1", self._server))
            for way, (source, target) in enumerate(((near, far), (far, near))):
                threading.Thread(target=self._carry, args=(way, source, target), daemon=True).start()

    def _carry(self, way: int, source: socket.socket, target: socket.socket) -> None:
        try:
            while content := source.recv(65536):
                with self._lock:
                    passed, cut = self._pass(way, content)
                if passed:
                    target.sendall(passed)
                if cut:
                    break
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _pass(self, way: int, content: bytes) -> tuple[bytes, bool]:
        limit = self._down if way else self._up
        if limit is not None and self.carried[way] + len(content) > limit:
            passed = content[: limit - self.carried[way]]
            self._up = self._down = None
            self.cuts += 1
            return passed, True
        self.carried[way] += len(content)
        if way and self._swallow and (at := content.find(self.COMMITTED)) >= 0:
            self._swallow -= 1
            self.cuts += 1
            return content[:at], True
        return content, False


def authority(place: pathlib.Path, name: str) -> dict[str, pathlib.Path]:
    """A throw-away certificate authority, and a server's certificate for a name, by openssl."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)

    make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl(*make, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Test authority")
    openssl(
        *make, "-keyout", "server.key", "-out", "server.crt", "-subj", f"/CN={name}", "-CA", "ca.crt", "-CAkey", "ca.key",
        "-addext", f"subjectAltName=DNS:{name}", "-addext", "basicConstraints=critical,CA:FALSE",
    )
    return {each: place / each for each in ("ca.crt", "server.key", "server.crt")}


def backends(cluster: Cluster) -> list[int]:
    """The server's processes that work for panelctl."""
    rows = cluster.ask("postgres", "SELECT pid FROM pg_stat_activity WHERE application_name = 'panelctl'")
    return [row[0] for row in rows]


def kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
