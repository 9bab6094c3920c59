"""The independent simulator of printer and scanner, a process of its own, worked through its control API."""

import json
import os
from pathlib import Path

import httpx2

from demo.processes import DemoFailed, Processes, command, free_port, wait_until

FAULTS = ("paper-near-end", "paper-out", "cover-open", "offline")
_READY_TIMEOUT_S = 20.0


class Emupos:
    """emupos with a receipt printer and a serial scanner, whose ports are under `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._api = ""
        self._client = httpx2.Client(timeout=5)

    def close(self) -> None:
        """Let go of the connection to it; the process itself ends with the demo's others."""
        self._client.close()

    @property
    def control_page(self) -> str:
        """The address of the page on which a person works the simulator: faults, scans."""
        return self._api

    @property
    def printer_port(self) -> Path:
        """The printer's serial port."""
        return self._folder / "ports" / "emupos" / "printer"

    @property
    def scanner_port(self) -> Path:
        """The scanner's serial port."""
        return self._folder / "ports" / "emupos" / "scanner"

    @property
    def papers(self) -> Path:
        """The folder in which each paper lands as PNG, text and JSON."""
        return self._folder / "papers"

    def start(self, processes: Processes) -> None:
        """Start the simulator and wait until both ports are there. Raises DemoFailed: it did not come up."""
        port = free_port()
        self._api = f"http://127.0.0.1:{port}"
        settings = self._folder / "emupos.yaml"
        serial = [{"serial": {"pty": True}}]
        devices = [
            {
                "id": "printer",
                "type": "printer",
                "profile": "epson-tm-t20iii",
                "receipts_dir": str(self.papers),
                "job_idle_timeout_ms": 300,
                "connections": serial,
            },
            {"id": "scanner", "type": "scanner", "mode": "serial", "suffix": "enter", "connections": serial},
        ]
        # JSON is YAML too.
        settings.write_text(
            json.dumps({"schema": 1, "api": {"host": "127.0.0.1", "port": port}, "devices": devices}), encoding="utf-8"
        )
        ports = self._folder / "ports"
        for folder in (ports, self.papers):
            folder.mkdir(exist_ok=True)
        env = {"TMPDIR": str(ports), "XDG_RUNTIME_DIR": str(ports), "COLUMNS": "200"}
        processes.start("emupos", [*command("emupos"), "run", "--ui", "--config", str(settings)], env=env)
        if not wait_until(self._is_up, _READY_TIMEOUT_S):
            raise DemoFailed("the device simulator did not start")

    def turn(self, fault: str, *, is_on: bool) -> None:
        """Make the printer report a fault, such as `paper-out`, or take it back."""
        address = f"{self._api}/api/v1/devices/printer/faults/{fault}"
        self._client.request("PUT" if is_on else "DELETE", address).raise_for_status()

    def scan(self, text: str) -> None:
        """Let the scanner read a code now."""
        body = {"data": text, "countdown_seconds": 0}
        self._client.post(f"{self._api}/api/v1/devices/scanner/scans", json=body).raise_for_status()

    def _is_up(self) -> bool:
        try:
            healthy = self._client.get(f"{self._api}/api/v1/health").is_success
        except httpx2.HTTPError:
            return False
        return healthy and os.path.lexists(self.printer_port) and os.path.lexists(self.scanner_port)
