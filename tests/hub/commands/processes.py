"""A central and hubs as processes, as they run in service, on free ports of this machine."""

import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx2

from tests.kit.loaded_commands import COMMANDS

COUNTERS = {
    "centre": "homs-main",
    "counters": [
        {"number": n, "names": {"ar": f"{n}", "en": f"{n}"}, "groups": ["A", "B"]} for n in range(1, 9)
    ],
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*words: str, stdin: str | None = None, expect: int = 0, fresh: bool = False) -> str:
    """Run a command to its end; give what it printed. `fresh` starts it as a user does, with nothing loaded before."""
    if fresh:
        command = [sys.executable, "-m", *words]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)
    else:
        done = COMMANDS.run(*words, given=stdin, timeout_s=60)
    assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr[-2000:]}"
    return done.stdout if expect == 0 else done.stderr


@contextlib.contextmanager
def running(*words: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends; its first line of stdout has been printed when the block begins."""
    with log.open("a") as errors:
        process = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        process.first_line = process.stdout.readline()  # type: ignore[attr-defined]
        assert process.first_line, log.read_text()[-2000:]  # type: ignore[attr-defined]
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@dataclass
class Central:
    """A central that serves one centre. `fresh`: each of its commands is started as a user does."""

    data: Path
    url: str
    fresh: bool = False

    def command(self, *words: str, stdin: str | None = None) -> str:
        return run("central", *words, "--data", str(self.data), stdin=stdin, fresh=self.fresh)

    def pin(self, name: str, role: str = "clerk") -> str:
        found: str = json.loads(self.command("clerk", name, "--centre", "homs-main", "--role", role))["pin"]
        return found


@contextlib.contextmanager
def central(folder: Path, port: int = 0, *, fresh: bool = False) -> Iterator[Central]:
    data = folder / "central"
    with running("central", "serve", "--data", str(data), "--port", str(port), log=folder / "central.log") as process:
        url = re.search(r"http://[\d.:]+", process.first_line)  # type: ignore[attr-defined]
        assert url is not None
        there = Central(data, url[0], fresh)
        there.command("publish", "counters", "-", stdin=json.dumps(COUNTERS))
        yield there


@dataclass
class HubPlace:
    """A hub's folder and address. `fresh`: each of its commands is started as a user does."""

    folder: Path
    url: str
    fresh: bool = False

    @property
    def config(self) -> str:
        return str(self.folder / "hub.toml")

    def command(self, *words: str, expect: int = 0) -> str:
        return run("hub", *words, "--config", self.config, expect=expect, fresh=self.fresh)

    def lines(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.command(*words).splitlines()]

    def serving(self) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
        return running("hub", "serve", "--config", self.config, log=self.folder / "serve.log")


def enrolled_hub(folder: Path, at: Central, scheme: str = "http", port: int = 0, address: str = "") -> HubPlace:
    """Enrol a hub and bring it central's word; `address` is what the others know it as, where it is not its own."""
    folder.mkdir(parents=True)
    url = f"{scheme}://127.0.0.1:{port or free_port()}"
    (folder / "hub.toml").write_text(
        f'[hub]\ncentre = "homs-main"\nlisten = "{url.partition("//")[2]}"\naddress = "{address or url}"\n'
        f'[central]\nurl = "{at.url}"\n'
    )
    place = HubPlace(folder, url, at.fresh)
    code = json.loads(at.command("enrolment-code", "--centre", "homs-main", "--role", "hub"))["code"]
    place.command("enrol", "--central", at.url, "--code", code)
    place.command("forward", "--once")
    return place


class Page:
    """A counter's page: it logs in, and repeats each press until it is answered."""

    def __init__(self, url: str, counter: int | None, pin: str, verify: ssl.SSLContext | bool = True) -> None:
        self.counter = counter
        self.client = httpx2.Client(base_url=url, timeout=10, verify=verify)
        response = self.client.post("/v1/sessions", json={"pin": pin, "counter": counter})
        assert response.status_code == 201, response.text

    def try_press(self, body: dict[str, Any], key: str) -> httpx2.Response:
        return self.client.post(f"/v1/counters/{self.counter}/presses", json=body, headers={"Idempotency-Key": key})

    def press(self, kind: str, key: str | None = None, deadline_s: float = 20, **fields: Any) -> httpx2.Response:
        """Press until there is a final answer, with the key made before the first try."""
        key, until = key or str(uuid.uuid4()), time.monotonic() + deadline_s
        while True:
            try:
                response = self.try_press({"press": kind, **fields}, key)
                if response.status_code < 500:
                    return response
            except httpx2.TransportError:
                pass
            assert time.monotonic() < until, "the hub did not come back"
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self.client.close()


class Kept:
    """What a page keeps of its last answered press."""

    def __init__(self, key: str, response: httpx2.Response) -> None:
        self.key = key
        answer = {"status": response.status_code, "body": response.text, "signature": response.headers["hub-signature"]}
        self.wish = {"key": key, "answer": answer}
