"""Debian's Firefox by its own remote protocol, Marionette: what Playwright's patched browser can't show."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.autoplay.default": 0,
    "services.settings.server": "data:,",
    "browser.safebrowsing.update.enabled": False,
}
WITHIN_S = 40


class Firefox:
    """One browser with one page. Raises AssertionError with Firefox's own words where a command fails."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._number = 0
        self._read()  # it greets first
        self._command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})

    def open(self, url: str) -> None:
        self._command("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a function's body in the page; give what it returns."""
        return self._command("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})["value"]

    def until(self, script: str, within_s: float = WITHIN_S) -> None:
        """Wait until a condition of the page holds."""
        end = time.monotonic() + within_s
        while not self.run(f"return Boolean({script})"):
            assert time.monotonic() < end, f"did not come about: {script}\n{self.run('return document.body.innerText')}"
            time.sleep(0.1)

    def quit(self) -> None:
        self._command("Marionette:Quit", {"flags": ["eForceQuit"]})

    def _command(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        text = json.dumps([0, self._number, name, parameters])
        self._line.sendall(f"{len(text.encode())}:{text}".encode())
        _, number, failure, result = self._read()
        assert number == self._number
        assert failure is None, f"{name}: {failure}"
        return result

    def _read(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._take(1)
        body = b""
        while len(body) < int(size[:-1]):
            body += self._take(int(size[:-1]) - len(body))
        return json.loads(body)

    def _take(self, most: int) -> bytes:
        found = self._line.recv(most)
        assert found, "Firefox has gone"
        return found


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Run Firefox without a window, on a profile of its own."""
    program = shutil.which("firefox-esr")
    assert program, "firefox-esr is not installed: make set-up does that"
    profile = folder / "profile"
    profile.mkdir(parents=True)
    said = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text(said)
    command = [program, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1", "LANG": "C.UTF-8"}
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        with _connected(profile, process) as line:
            browser = Firefox(line)
            yield browser
            browser.quit()
        process.wait(20)
    finally:
        process.kill()
        process.wait()


def _connected(profile: Path, process: subprocess.Popen[bytes]) -> socket.socket:
    end = time.monotonic() + WITHIN_S
    said = profile / "MarionetteActivePort"
    while not said.exists():
        assert process.poll() is None, (profile.parent / "firefox.log").read_text()[-2000:]
        assert time.monotonic() < end, "Firefox did not listen"
        time.sleep(0.1)
    line = socket.create_connection(("127.0.0.1", int(said.read_text())), timeout=WITHIN_S)
    line.settimeout(WITHIN_S)
    return line
