"""A NetworkManager for tests: `nmcli` and `busctl` as programs on a PATH of their own, with one state between them.

What they print, the words of their errors and their exit statuses are those of NetworkManager 1.52.1, as measured. Time
stands in the state and is moved by the test; a checkpoint whose time has come is rolled back at the next call, and by
`settle`, no matter who has died meanwhile.
"""

import json
import sys
from pathlib import Path
from typing import Any

UUID = "0153f4f6-0af5-4e4a-8413-e6753d3de4f2"
START: dict[str, Any] = {
    "now": 0,
    "running": True,
    "allowed": True,
    "dhcp": True,  # whether a DHCP server answers
    "fail": [],  # words of commands that fail in a way nobody foresaw
    "file": {"method": "manual", "addresses": "192.168.77.10/24", "gateway": "192.168.77.1", "dns": "192.168.77.1"},
    "memory": None,  # the profile where it is changed --temporary
    "active": {"method": "manual", "addresses": "192.168.77.10/24", "gateway": "192.168.77.1", "dns": "192.168.77.1"},
    "checkpoint": None,
    "made": 0,
    "calls": [],
}


class Refused(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class FakeNetworkManager:
    """The test's end of it."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.path = folder / "bin"
        self.path.mkdir()
        self._state = folder / "network.json"
        self._state.write_text(json.dumps(START))
        for name in ("nmcli", "busctl"):
            program = self.path / name
            program.write_text(f'#!/bin/sh\nexec {python} -S -E {__file__} {name} {self._state} "$@"\n')
            program.chmod(0o755)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._state.read_text())
        return found

    def set(self, **values: object) -> None:
        self._state.write_text(json.dumps({**self.state(), **values}))

    def pass_time(self, seconds: int) -> None:
        """Let time pass: an open checkpoint is rolled back when its own is over."""
        state = self.state()
        state["now"] += seconds
        settle(state)
        self._state.write_text(json.dumps(state))

    def cut_power(self) -> None:
        """What lies in memory only is gone; the connection comes up as its file says."""
        state = self.state()
        self.set(memory=None, checkpoint=None, active=state["file"])


def settle(state: dict[str, Any]) -> None:
    checkpoint = state["checkpoint"]
    if checkpoint is not None and state["now"] >= checkpoint["until"]:
        roll_back(state)


def roll_back(state: dict[str, Any]) -> None:
    state["file"] = state["active"] = state["checkpoint"]["before"]
    state["memory"] = state["checkpoint"] = None


def fail_where_told(state: dict[str, Any], words: list[str]) -> None:
    if any(word in state["fail"] for word in words):
        raise Refused(1, "Error: Connection activation failed: (32) Unknown reason")


def nmcli(state: dict[str, Any], words: list[str]) -> str:
    fail_where_told(state, words)
    if not state["running"]:
        raise Refused(8, "Error: NetworkManager is not running.")
    line = " ".join(words)
    if line == "-g RUNNING general":
        return "running"
    if line == "-t -f PERMISSION,VALUE general permissions":
        value = "yes" if state["allowed"] else "auth"
        names = ("checkpoint-rollback", "network-control", "reload", "settings.modify.system")
        return "\n".join(f"org.freedesktop.NetworkManager.{name}:{value}" for name in names)
    if line == "-t -f DEVICE,TYPE,STATE,CON-UUID device":
        return f"eth0:ethernet:connected:{UUID}\nlo:loopback:connected (externally):e6a34e4e\npeer0:ethernet:unmanaged:"
    if line.endswith(f"connection show {UUID}"):
        profile = state["memory"] or state["file"]
        return "\n".join(f"ipv4.{name}:{profile[name]}" for name in ("method", "addresses", "gateway", "dns"))
    if "connection modify" in line:
        return modify(state, words)
    if f"connection up {UUID} ifname eth0" in line:
        profile = state["memory"] or state["file"]
        if profile["method"] == "auto" and not state["dhcp"]:
            state["active"] = None
            raise Refused(3, "Error: Timeout expired (25 seconds)")
        state["active"] = profile
        return "Connection successfully activated"
    raise Refused(2, f"Error: unknown: {line}")


def modify(state: dict[str, Any], words: list[str]) -> str:
    if not state["allowed"]:
        raise Refused(1, "Error: Failed to modify connection 'centre': Insufficient privileges")
    at = words.index(UUID)
    values = dict(zip(words[at + 1 :: 2], words[at + 2 :: 2], strict=True))
    profile = {name.removeprefix("ipv4."): value for name, value in values.items()}
    if "--temporary" in words:
        state["memory"] = profile
    else:
        state["file"], state["memory"] = profile, None
    return ""


def busctl(state: dict[str, Any], words: list[str]) -> str:
    fail_where_told(state, words)
    if not state["running"]:
        raise Refused(1, "Call failed: The name org.freedesktop.NetworkManager was not provided by any .service files")
    at = words.index("call")
    method, *values = words[at + 4 :]
    if method == "GetDeviceByIpIface":
        return json.dumps({"type": "o", "data": ["/org/freedesktop/NetworkManager/Devices/2"]})
    if not state["allowed"]:
        raise Refused(1, "Call failed: Not authorized to checkpoint/rollback")
    if method == "CheckpointCreate":
        if state["checkpoint"] is not None:
            path = state["checkpoint"]["path"]
            raise Refused(1, f"Call failed: device 'eth0' is already included in checkpoint {path}")
        state["made"] += 1
        path = f"/org/freedesktop/NetworkManager/Checkpoint/{state['made']}"
        state["checkpoint"] = {"path": path, "until": state["now"] + int(values[3]), "before": state["file"]}
        return json.dumps({"type": "o", "data": [path]})
    if state["checkpoint"] is None or state["checkpoint"]["path"] != values[1]:
        raise Refused(1, f"Call failed: checkpoint {values[1]} does not exist")
    if method == "CheckpointAdjustRollbackTimeout":
        state["checkpoint"]["until"] = state["now"] + int(values[2])
        return ""
    if method == "CheckpointDestroy":
        state["checkpoint"] = None
        return ""
    assert method == "CheckpointRollback", method
    roll_back(state)
    return json.dumps({"type": "a{su}", "data": [{"/org/freedesktop/NetworkManager/Devices/2": 0}]})


def main() -> int:
    name, path, *words = sys.argv[1:]
    state = json.loads(Path(path).read_text())
    settle(state)
    state["calls"].append([name, *words])
    status = 0
    try:
        print((nmcli if name == "nmcli" else busctl)(state, words))
    except Refused as refused:
        print(refused, file=sys.stderr)
        status = refused.status
    Path(path).write_text(json.dumps(state))
    return status


if __name__ == "__main__":
    sys.exit(main())
