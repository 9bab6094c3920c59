"""Changes an interface's addresses through NetworkManager, so that a change nobody confirms undoes itself.

The undoing is NetworkManager's own: a checkpoint with a rollback timeout (its D-Bus API, CheckpointCreate), which needs
no kiosk to be alive. What is tried lies in memory only (`nmcli connection modify --temporary`), so that a power cut
undoes it as well. Measured with NetworkManager 1.52.1 of Debian 13, as user `kiosk` with deploy/polkit's rule.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Interface
from typing import Final

import structlog

from kiosk.machine.network.address import Addressing

_log = structlog.get_logger(__name__)
_BUS: Final = (
    "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager",
)  # fmt: skip
_ANSWER_S: Final = 10
_UP_S: Final = 25  # DHCP needs a few seconds; without a server nothing comes however long one waits
PERMISSIONS: Final = ("checkpoint-rollback", "network-control", "settings.modify.system")
_METHODS: Final = ("auto", "manual")


class NetworkRefused(Exception):
    """NetworkManager would not do it.

    `why`: `denied` (polkit), `pending` (an earlier try has not been undone yet), `gone` (NetworkManager or the try is
    no more), `no_answer` (no DHCP server), `failed`; `detail` is its own word.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Profile:
    """What NetworkManager has set on an interface that is up; `uuid` is its connection's."""

    interface: str
    uuid: str
    addressing: Addressing


@dataclass(frozen=True, slots=True)
class Trial:
    """A change in force until `timeout` unless kept. `checkpoint` is its D-Bus path."""

    profile: Profile
    addressing: Addressing
    checkpoint: str


class NetworkManager:
    """Speaks to NetworkManager by `nmcli` and `busctl`. Every call has a deadline, so: in worker threads.

    `path` is where the two programs are looked for; None means PATH.
    """

    def __init__(self, path: str | None = None) -> None:
        self._nmcli = shutil.which("nmcli", path=path)
        self._busctl = shutil.which("busctl", path=path)

    def is_running(self) -> bool:
        """Return whether this machine's network is NetworkManager's affair at all."""
        try:
            return self._ask("-g", "RUNNING", "general").strip() == "running"
        except NetworkRefused:
            return False

    def profiles(self) -> list[Profile]:
        """Return what can be changed: wired and wireless interfaces that are up by a connection of NetworkManager's.

        Raises:
            NetworkRefused: it doesn't answer.
        """
        found = []
        for line in self._ask("-t", "-f", "DEVICE,TYPE,STATE,CON-UUID", "device").splitlines():
            device, kind, state, uuid, *_ = [*line.split(":"), "", "", ""]
            if kind in ("ethernet", "wifi") and state == "connected" and uuid:
                addressing = self._addressing(uuid)
                if addressing is not None:
                    found.append(Profile(device, uuid, addressing))
        return found

    def missing_permissions(self) -> list[str]:
        """Return which of the permissions this user lacks. Raises NetworkRefused: it doesn't answer."""
        granted = {
            line.rpartition(":")[0].removeprefix("org.freedesktop.NetworkManager.")
            for line in self._ask("-t", "-f", "PERMISSION,VALUE", "general", "permissions").splitlines()
            if line.endswith(":yes")
        }
        return [name for name in PERMISSIONS if name not in granted]

    def try_out(self, profile: Profile, addressing: Addressing, revert_s: int) -> Trial:
        """Put the addresses in force; `revert_s` seconds after this returns they are undone unless kept.

        Raises:
            NetworkRefused: nothing has changed, or what had is undone, by itself if need be.
        """
        device = self._call("GetDeviceByIpIface", "s", profile.interface)
        checkpoint = self._call("CheckpointCreate", "aouu", "1", str(device), str(_UP_S + revert_s), "0")
        trial = Trial(profile, addressing, str(checkpoint))
        try:
            self._modify(trial, "--temporary")
            self._ask("--wait", str(_UP_S), "connection", "up", profile.uuid, "ifname", profile.interface, wait_s=_UP_S)
            self._call("CheckpointAdjustRollbackTimeout", "ou", trial.checkpoint, str(revert_s))
        except NetworkRefused:
            self._undo_quietly(trial)
            raise
        return trial

    def keep(self, trial: Trial) -> None:
        """Keep what is tried, also over a restart.

        Raises:
            NetworkRefused: it isn't kept; it has been undone, or will be by itself.
        """
        # Written first: should the machine stop between the two, NetworkManager starts with what the technician chose.
        self._modify(trial)
        try:
            self._call("CheckpointDestroy", "o", trial.checkpoint)
        except NetworkRefused:
            self._restore(trial)
            raise

    def undo(self, trial: Trial) -> None:
        """Go back to what was before. Raises NetworkRefused: it is undone already, or will be by itself."""
        self._call("CheckpointRollback", "o", trial.checkpoint)

    def _restore(self, trial: Trial) -> None:
        """Write the former addresses again: the rollback was before the writing."""
        former = Trial(trial.profile, trial.profile.addressing, trial.checkpoint)
        try:
            self._modify(former)
            self._ask("--wait", "0", "connection", "up", trial.profile.uuid, "ifname", trial.profile.interface)
        except NetworkRefused as refused:
            _log.error("network-not-restored", why=refused.why, detail=refused.detail)

    def _undo_quietly(self, trial: Trial) -> None:
        try:
            self.undo(trial)
        except NetworkRefused as refused:
            _log.warning("network-undone-by-itself", why=refused.why, detail=refused.detail)

    def _modify(self, trial: Trial, *how: str) -> None:
        wanted = trial.addressing
        values = {
            "ipv4.method": "manual" if wanted.is_static else "auto",
            "ipv4.addresses": str(wanted.own or ""),
            "ipv4.gateway": str(wanted.gateway or ""),
            "ipv4.dns": ",".join(map(str, wanted.dns)),
        }
        words = [word for pair in values.items() for word in pair]
        self._ask("connection", "modify", *how, trial.profile.uuid, *words)

    def _addressing(self, uuid: str) -> Addressing | None:
        """Return how a connection is set; None where it is neither DHCP nor by hand, which is left alone."""
        fields = "ipv4.method,ipv4.addresses,ipv4.gateway,ipv4.dns"
        lines = self._ask("-t", "--escape", "no", "-f", fields, "connection", "show", uuid).splitlines()
        values = dict(line.partition(":")[::2] for line in lines)
        if values.get("ipv4.method") not in _METHODS:
            return None
        if values["ipv4.method"] == "auto":
            return Addressing()
        try:
            own = IPv4Interface(values["ipv4.addresses"].split(",")[0].strip())
            gateway = IPv4Address(values["ipv4.gateway"]) if values.get("ipv4.gateway") else None
            dns = tuple(IPv4Address(each.strip()) for each in values.get("ipv4.dns", "").split(",") if each.strip())
        except (AddressValueError, ValueError):
            return None
        return Addressing(own, gateway, dns)

    def _ask(self, *words: str, wait_s: int = 0) -> str:
        """Run nmcli and return what it prints."""
        return self._run(self._nmcli, words, _ANSWER_S + wait_s)

    def _call(self, method: str, signature: str, *values: str) -> object:
        """Call a method of NetworkManager's and return the first value of its answer."""
        words = ("--system", f"--timeout={_ANSWER_S}", "--json=short", "call", *_BUS, method, signature, *values)
        answer = self._run(self._busctl, words, _ANSWER_S + 5)
        try:
            data = json.loads(answer)["data"] if answer.strip() else []
        except (ValueError, KeyError, TypeError) as error:
            raise NetworkRefused("failed", f"{method}: {type(error).__name__}") from error
        return data[0] if data else None

    def _run(self, program: str | None, words: Sequence[str], within_s: int) -> str:
        if program is None:
            raise NetworkRefused("gone", "not installed")
        try:
            done = subprocess.run(  # noqa: S603 (a program of the system, no shell; every word is ours or an address)
                [program, *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=within_s,
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NetworkRefused("no_answer", "timeout") from None
        except OSError as error:
            raise NetworkRefused("gone", error.strerror or "") from error
        if done.returncode != 0:
            raise _refusal(done.returncode, done.stderr)
        return done.stdout


def _refusal(status: int, said: str) -> NetworkRefused:
    """Return what an exit status (nmcli(1), EXIT STATUS) and the error's words mean."""
    text = " ".join(said.split())[:200]
    if "nsufficient privileges" in text or "ot authorized" in text or "ccess denied" in text:
        return NetworkRefused("denied", text)
    if "already included in checkpoint" in text:
        return NetworkRefused("pending", text)
    if status == 8 or "does not exist" in text or "not provided by any" in text:
        return NetworkRefused("gone", text)
    return NetworkRefused("no_answer" if status == 3 else "failed", text)
