"""The centre's own server in the demo: an enrolled hub with three counters, and its two processes."""

import json
from pathlib import Path
from typing import Any, Final

from demo.processes import Processes, command, free_port

CENTRE: Final = "homs-main"
COUNTERS: Final[dict[str, Any]] = {
    "centre": CENTRE,
    "counters": [
        {"number": 1, "names": {"ar": "الوثائق", "en": "Documents"}, "groups": ["A", "B", "X", "Y"]},
        {"number": 2, "names": {"ar": "المعاملات", "en": "Licences and leases"}, "groups": ["B", "A", "X", "Y"]},
        {"number": 3, "names": {"ar": "الفواتير والمصرف", "en": "Bills and bank"}, "groups": ["C", "D", "X", "Y"]},
    ],
}
SEATS: Final = [
    {"group": group, "weekday": weekday, "from": "08:00", "to": "14:00", "minutes": 30, "seats": 1}
    for group in "ABCD"
    for weekday in range(1, 8)
]
"""Appointments of a centre whose valleys nobody knows yet."""


class Centre:
    """The hub of the demo's centre.

    Args:
        folder: for its settings and store.
        processes: ends what is started here.
        central: runs a command of central and returns what it printed.
    """

    def __init__(self, folder: Path, processes: Processes, central: Any) -> None:
        self._processes = processes
        self._central = central
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.settings_file = folder / "hub.toml"
        self.clerk_pin = ""
        self.manager_pin = ""

    def build(self, central_url: str) -> None:
        """Enrol the hub, name counters and clerks, and start both processes.

        Raises:
            DemoFailed: something did not come up.
        """
        self.settings_file.write_text(
            f'[hub]\ncentre = "{CENTRE}"\ndata_dir = "hub"\nlisten = "127.0.0.1:{self._port}"\naddress = "{self.url}"\n'
            f'[central]\nurl = "{central_url}"\n',
            encoding="utf-8",
        )
        code = json.loads(self._central("enrolment-code", "--centre", CENTRE, "--role", "hub"))["code"]
        self._central("publish", "counters", "-", given=json.dumps(COUNTERS))
        self.clerk_pin = json.loads(self._central("clerk", "Rana", "--centre", CENTRE))["pin"]
        self.manager_pin = json.loads(self._central("clerk", "Huda", "--centre", CENTRE, "--role", "manager"))["pin"]
        self.run("enrol", "--central", central_url, "--code", code)
        self.run("forward", "--once")
        self.start()
        self._processes.start("hub-forward", self._words("forward"))

    def start(self) -> None:
        """Start the server, where it was before if it was stopped or killed."""
        if not self._processes.is_running("hub"):
            self._processes.start_and_read_line("hub", self._words("serve", "--json"))

    def knows(self, numbers: set[str]) -> bool:
        """Return whether the hub has heard of all these numbers. Raises DemoFailed."""
        heard = {json.loads(line).get("number") for line in self.run("events").splitlines()}
        return numbers <= heard

    def run(self, *words: str) -> str:
        """Run a command of the hub. Raises DemoFailed."""
        return self._processes.run(self._words(*words))

    def _words(self, *words: str) -> list[str]:
        return [*command("hub"), *words, "--config", str(self.settings_file)]
