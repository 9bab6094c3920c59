"""An order becomes ready in the demo: the app gives its owner's number, and an operator's gateway gets the text."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import httpx2

from demo.processes import DemoFailed, Processes, free_port, wait_until

ORDER: Final = {"order": "5a" * 16, "state": "ready", "number": "0123456789", "centre": "homs-main"}
OWNER: Final = "+963944000111"
TOLD_WITHIN_S: Final = 60.0


class Operator:
    """The gateway, as a process that prints what it is given.

    Args:
        folder: for its settings and its log.
        processes: ends what is started here.
    """

    def __init__(self, folder: Path, processes: Processes) -> None:
        port = free_port()
        self.settings = folder / "messages.toml"
        self._log = folder / "gateway.log"
        token = folder / "gateway-token"
        token.write_text("demo", encoding="ascii")
        token.chmod(0o600)
        self.settings.write_text(
            f'[http]\nurl = "http://127.0.0.1:{port}/send"\ntoken_file = "{token.name}"\nprice = 150\n',
            encoding="utf-8",
        )
        processes.start("gateway", [sys.executable, "-m", "demo.gateway", str(port)])

    def tell_an_owner(self, central: Any, url: str) -> str:
        """Let an order become ready; return the text that its owner gets. Raises DemoFailed."""
        hours = {"from": "00:00", "to": "23:59"}  # whenever the demo is shown
        rules = {"centre": None, "kinds": ["order-ready"], "hours": hours}
        central("publish", "messages", "-", given=json.dumps(rules))
        token = json.loads(central("system", "give", "owners-app", "--may", "order-states"))["token"]
        app = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=20)
        with app:
            app.put(f"/v1/orders/{ORDER['order']}/contact", json={"phone": OWNER}).raise_for_status()
            app.post("/v1/order-states", json={"states": [ORDER]}).raise_for_status()
        if not wait_until(lambda: OWNER in self._log.read_text(encoding="utf-8"), TOLD_WITHIN_S):
            raise DemoFailed(f"the owner of an order was not written to; the gateway's log is {self._log}")
        told = next(line for line in self._log.read_text(encoding="utf-8").splitlines() if OWNER in line)
        return str(json.loads(told)["text"])
