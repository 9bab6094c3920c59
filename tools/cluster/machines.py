"""A machine of the cluster: a network namespace with its own etcd, Patroni, PostgreSQL, HAProxy and so on.

It runs on the very files that `deploy/cluster/fill` writes for a real one, under a root of its own.
"""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.cluster.waiting import until

CLUSTER: Final = Path(__file__).parents[2] / "deploy" / "cluster"
PATRONI_PORT: Final = 8008
ETCD_PORT: Final = 2379
CENTRAL_PORT: Final = 8081
AS_POSTGRES: Final = ("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "env", "HOME=/tmp")


class CommandFailed(Exception):
    """A command ended otherwise than well; the text holds what it said."""


def run(*words: str | Path, given: str | None = None, timeout_s: float = 120.0) -> str:
    """Run a command to its end; returns its output. Raises CommandFailed."""
    done = subprocess.run(
        [str(word) for word in words], input=given, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    if done.returncode != 0:
        raise CommandFailed(f"{' '.join(str(word) for word in words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


@dataclass
class Machine:
    """One of the three: its `name`, `address` and network `namespace`; its files lie under `root`."""

    name: str
    address: str
    namespace: str
    root: Path
    virtual_url: str
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def central_data(self) -> Path:
        """The folder of central's keys."""
        return self.root / "var/lib/central"

    @property
    def database(self) -> str:
        """How this machine's central reaches the primary, wherever that is."""
        return "postgresql://central@127.0.0.1:5000/central?sslmode=verify-ca"

    def prepare(self) -> None:
        """Make the folders that packages and systemd make on a real machine."""
        for owner, folders in (
            ("etcd", ("var/lib/etcd",)),
            ("postgres", ("var/lib/postgresql/17", "run/postgresql", "run/pgbackrest", "var/spool/pgbackrest")),
            ("postgres", ("var/log/postgresql", "run/patroni")),
        ):
            for folder in folders:
                path = self.root / folder
                path.mkdir(parents=True, exist_ok=True)
                shutil.chown(path, owner, owner)
        self.central_data.mkdir(parents=True, exist_ok=True)
        # Here etcd reads the key as postgres does; a real machine adds it to the group ssl-cert.
        (self.root / "etc/cluster/machine-key.pem").chmod(0o640)
        (self.root / "etc/central/pgpass").chmod(0o600)

    def start(self) -> None:
        """Switch the machine on. Central comes up by itself once there is a database."""
        self.start_etcd()
        self.start_patroni()
        self._spawn("haproxy", "haproxy", "-db", "-f", self.root / "etc/haproxy/haproxy.cfg")
        self._spawn(
            "keepalived", "keepalived", "--dont-fork", "--log-console", "--use-file",
            self.root / "etc/keepalived/keepalived.conf", "--vrrp", "--pid", self.root / "run/keepalived.pid",
            "--vrrp_pid", self.root / "run/vrrp.pid", "--bfd_pid", self.root / "run/bfd.pid",
            "--checkers_pid", self.root / "run/checkers.pid",
        )  # fmt: skip
        self.start_central()

    def start_etcd(self) -> None:
        """Start etcd, as user etcd, who reads the machine's key by its group."""
        who = ("setpriv", "--reuid", "etcd", "--regid", "etcd", "--groups", "ssl-cert")
        self._spawn("etcd", *who, "etcd", "--config-file", self.root / "etc/etcd/central.yml")

    def start_patroni(self) -> None:
        """Start Patroni, which starts the database."""
        self._spawn("patroni", *AS_POSTGRES, "patroni", self.root / "etc/patroni/config.yml")

    def start_central(self) -> None:
        """Start central, again whenever it ends, as systemd does."""
        serve = [*self._central(), "serve", "--host", "0.0.0.0", "--port", str(CENTRAL_PORT), "--public-url"]
        command = [*serve, self.virtual_url, "--data", str(self.central_data), "--database", self.database]
        self._spawn("central", "sh", "-c", 'while :; do "$@"; sleep 1; done', "central", *command)

    def central(self, *words: str, given: str | None = None) -> str:
        """Run one of central's commands on this machine. Raises CommandFailed."""
        where = ("--data", str(self.central_data), "--database", self.database)
        return run(*self._inside(), *self._central(), *words, *where, given=given)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Ask this machine's own database, as an operator does on its console. Raises CommandFailed."""
        socket = str(self.root / "run/postgresql")
        return run(*AS_POSTGRES, "psql", "-h", socket, "-d", database, "-tAc", statement, timeout_s=20).strip()

    def pgbackrest(self, *words: str) -> str:
        """Run pgBackRest on this machine. Raises CommandFailed."""
        configured = ("pgbackrest", f"--config={self.root}/etc/pgbackrest/pgbackrest.conf", "--stanza=central")
        return run(*self._inside(), *AS_POSTGRES, *configured, *words)

    def script(self, name: str, *words: str) -> str:
        """Run one of the scripts of `deploy/cluster` on this machine. Raises CommandFailed."""
        return run(*self._inside(), CLUSTER / name, *words)

    def kill(self) -> None:
        """Take the power away: every process of the machine at one moment."""
        for number in self._pids():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for process in self._processes:
            process.wait(timeout=30)
        self._processes.clear()
        until(lambda: not self._pids(), f"{self.name} is off", timeout_s=30)
        for left in (self.root / "run").rglob("*"):  # on a real machine /run is empty after a start
            if not left.is_dir():
                left.unlink()

    def stop(self, program: str) -> None:
        """Ask every process of a program to stop."""
        for number in self._pids():
            try:
                words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")[:2]
                if program in (Path(word.decode()).name for word in words):
                    os.kill(number, signal.SIGTERM)
            except (FileNotFoundError, ProcessLookupError):
                continue

    def stop_patroni(self) -> None:
        """Stop Patroni and its database in order, and leave the rest running."""
        self.stop("patroni")
        until(
            lambda: not (self.root / "var/lib/postgresql/17/central/postmaster.pid").exists(),
            f"{self.name} has stopped",
        )

    def cut_cable(self) -> None:
        """Pull the network cable."""
        run("ip", "link", "set", f"to-{self.name}", "down")

    def plug_cable(self) -> None:
        """Put it back."""
        run("ip", "link", "set", f"to-{self.name}", "up")

    def log_of(self, program: str) -> str:
        """The end of what a program said."""
        return (self.root / f"{program}.log").read_text(errors="replace")[-2000:]

    def _central(self) -> tuple[str, ...]:
        known = f"PGPASSFILE={self.root}/etc/central/pgpass", f"PGSSLROOTCERT={self.root}/etc/cluster/ca.pem"
        return ("env", *known, sys.executable, "-m", "central")

    def _inside(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.namespace)

    def _spawn(self, name: str, *words: str | Path) -> None:
        with (self.root / f"{name}.log").open("ab") as log:
            command = [str(word) for word in (*self._inside(), *words)]
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    def _pids(self) -> list[int]:
        return [int(number) for number in run("ip", "netns", "pids", self.namespace).split()]
