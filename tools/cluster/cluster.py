"""Three machines and the network between them, made for one run and taken away after it."""

import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx2

from tools.cluster.machines import CENTRAL_PORT, CLUSTER, ETCD_PORT, PATRONI_PORT, CommandFailed, Machine, run
from tools.cluster.waiting import until

# TEST-NET-1 (RFC 5737), in namespaces that nothing else reaches.
NETWORK: Final = "192.0.2"
VIRTUAL: Final = f"{NETWORK}.10"
NAMES: Final = ("a", "b", "c")
SETTINGS: Final = """
name_1=a
address_1={network}.11
name_2=b
address_2={network}.12
name_3=c
address_3={network}.13
virtual_address={network}.10/24
interface=eth0
health_url=http://127.0.0.1:{central}/healthz
repository=repo1-path={repository}
time_servers=
"""


class Cluster:
    """The three machines, seen from a fourth place in their network."""

    def __init__(self, folder: Path, namespaces: dict[str, str]) -> None:
        self.url = f"http://{VIRTUAL}:{CENTRAL_PORT}"
        self.machines = [
            Machine(name, f"{NETWORK}.{11 + number}", namespaces[name], folder / name, self.url)
            for number, name in enumerate(NAMES)
        ]
        self._folder = folder
        self._trust = ssl.create_default_context()

    def configure(self) -> None:
        """Write every machine's files as an operator does: secrets once, then `fill` on each."""
        repository = self._folder / "repository"
        repository.mkdir()
        run("chown", "postgres:postgres", repository)
        settings = self._folder / "settings"
        settings.write_text(SETTINGS.format(network=NETWORK, central=CENTRAL_PORT, repository=repository))
        secrets = self._folder / "secrets"
        run(CLUSTER / "make-secrets", settings, secrets)
        for machine in self.machines:
            run(CLUSTER / "fill", machine.name, settings, secrets, machine.root)
            machine.prepare()
        self._trust = ssl.create_default_context(cafile=str(secrets / "ca.pem"))
        own = self.machines[0].root / "etc/cluster"
        self._trust.load_cert_chain(own / "machine.pem", own / "machine-key.pem")

    def start(self) -> None:
        """Switch all three on and wait for a primary with two replicas."""
        for machine in self.machines:
            machine.start()
        self.wait_for_members(3)

    def members(self) -> list[dict[str, Any]]:
        """The members as any machine that answers sees them."""
        for machine in self.machines:
            try:
                page = httpx2.get(f"https://{machine.address}:{PATRONI_PORT}/cluster", verify=self._trust, timeout=2)
            except httpx2.HTTPError:
                continue
            found: list[dict[str, Any]] = page.json()["members"]
            return found
        return []

    def primary(self) -> Machine | None:
        """The machine whose database takes writes, None while there is none."""
        for machine in self.machines:
            try:
                page = httpx2.get(f"https://{machine.address}:{PATRONI_PORT}/primary", verify=self._trust, timeout=2)
            except httpx2.HTTPError:
                continue
            if page.status_code == 200:
                return machine
        return None

    def the_primary(self) -> Machine:
        """The primary, waited for."""
        until(lambda: self.primary() is not None, "a machine is the primary")
        found = self.primary()
        return found if found is not None else self.the_primary()

    def others(self, machine: Machine) -> list[Machine]:
        """All machines but one."""
        return [one for one in self.machines if one is not machine]

    def wait_for_members(self, count: int) -> None:
        """Wait for a primary and its replicas, each of them following."""

        def is_whole() -> bool:
            states = [(one["role"], one["state"]) for one in self.members()]
            following = sum(state == "streaming" for _, state in states)
            return len(states) == count and following == count - 1 and ("leader", "running") in states

        until(is_whole, f"{count} members work, one leading and the others streaming")
        for machine in self.machines:
            until(partial(self._hears_the_leader, machine), f"{machine.name}'s etcd hears who leads")

    def _hears_the_leader(self, machine: Machine) -> bool:
        page = httpx2.get(f"https://{machine.address}:{ETCD_PORT}/health", verify=self._trust, timeout=5)
        return bool(page.json()["health"] == "true")


@contextmanager
def network(prefix: str) -> Iterator[dict[str, str]]:
    """Make a bridge with a place for each machine and one for who watches, `here`; yields their namespaces.

    Raises CommandFailed where this machine lets nobody make network namespaces.
    """
    namespaces = {name: f"{prefix}-{name}" for name in (*NAMES, "here")}
    here = namespaces["here"]
    try:
        for namespace in namespaces.values():
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        run("ip", "-n", here, "link", "add", "bridge", "type", "bridge")
        run("ip", "-n", here, "addr", "add", f"{NETWORK}.1/24", "dev", "bridge")
        run("ip", "-n", here, "link", "set", "bridge", "up")
        for number, name in enumerate(NAMES):
            peer = ("peer", "name", "eth0", "netns", namespaces[name])
            run("ip", "-n", here, "link", "add", f"to-{name}", "type", "veth", *peer)
            run("ip", "-n", here, "link", "set", f"to-{name}", "master", "bridge", "up")
            run("ip", "-n", namespaces[name], "addr", "add", f"{NETWORK}.{11 + number}/24", "dev", "eth0")
            run("ip", "-n", namespaces[name], "link", "set", "eth0", "up")
        yield namespaces
    finally:
        for namespace in namespaces.values():
            _take_away(namespace)


def _take_away(namespace: str) -> None:
    listed = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False)
    for number in listed.stdout.split():
        if int(number) != os.getpid():
            subprocess.run(["kill", "-KILL", number], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", namespace], capture_output=True, check=False)


__all__ = ["Cluster", "CommandFailed", "network"]
