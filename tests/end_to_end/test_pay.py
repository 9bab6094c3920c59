"""A bill paid by command: kiosk, forwarder and central as processes; wallet and biller are played."""

import base64
import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

import pytest

from demo.payments.biller import Biller
from demo.payments.server import Server
from demo.payments.wallet import Wallet
from tests.end_to_end.conftest import BIN, KioskByCommand, Town

pytestmark = pytest.mark.proof
SUBSCRIBER = "1234567"
WITHIN_S = 60.0


@dataclass
class Paying:
    """The town's wallet and biller, and the kiosk that pays."""

    town: Town
    wallet: Any
    biller: Any
    kiosk: KioskByCommand
    payments: list[subprocess.Popen[str]] = field(default_factory=list)

    def pay(self) -> subprocess.Popen[str]:
        """Begin to pay the bill, as a user does."""
        words = ["pay", "--biller", "homs-water", "--fields", "-", "--no-print", "--config", str(self.kiosk.settings)]
        process = subprocess.Popen(
            [str(BIN / "kiosk"), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.payments.append(process)
        assert process.stdin is not None
        process.stdin.write(json.dumps({"subscriber": SUBSCRIBER}))
        process.stdin.close()
        return process

    def central_says(self) -> list[dict[str, Any]]:
        return self.town.central("payments").rows


def line(out: IO[str] | None) -> dict[str, Any]:
    assert out is not None
    said: dict[str, Any] = json.loads(out.readline())
    return said


@pytest.fixture
def paying(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paying]:
    wallet, biller = Wallet(), Biller()
    biller.owe(SUBSCRIBER, "D-1", 12_500)
    folder = town.folder / "pay"
    folder.mkdir()
    for name, text in (
        ("agent", wallet.agent), ("secret", base64.b64encode(wallet.key).decode()), ("water-token", biller.token)
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
    with Server(wallet.answer) as wallets, Server(biller.answer) as billers:
        wallet.url = wallets.url
        (folder / "payments.toml").write_text(
            f'pound = "new"\n[payers.shamcash]\nkind = "shamcash"\nurl = "{wallets.url}"\nagent_key_file = "agent"\n'
            f'secret_key_file = "secret"\n[billers.homs-water]\nkind = "http"\nurl = "{billers.url}"\n'
            'token_file = "water-token"\ncashier_group = "C"\n',
            encoding="utf-8",
        )
        monkeypatch.setenv("CENTRAL_PAYMENTS", str(folder / "payments.toml"))
        monkeypatch.setenv("CENTRAL_PUBLIC_URL", town.url)
        port = int(town.url.rsplit(":", 1)[1])
        town.stop_central()
        town.start_central(port)
        kiosk = town.enrol("one")
        var = kiosk.settings.parent / "var"
        (var / "health.json").write_text(json.dumps({"version": "1.0.0"}))
        until(lambda: heard(kiosk))
        forwarder = subprocess.Popen([str(BIN / "kiosk"), "forward", "--config", str(kiosk.settings)])
        one = Paying(town, wallet, biller, kiosk)
        try:
            yield one
        finally:
            running: list[subprocess.Popen[Any]] = [*one.payments, forwarder]
            for process in running:
                process.kill()
                for stream in (process.stdout, process.stderr):
                    if stream is not None:
                        stream.close()
                process.wait()


def heard(kiosk: KioskByCommand) -> bool:
    """Whether the kiosk has heard what can be paid."""
    kiosk.done("forward", "--once")
    with closing(sqlite3.connect(kiosk.settings.parent / "var" / "store.db")) as store:
        return bool(store.execute("SELECT 1 FROM centre_records WHERE kind = 'payments'").fetchall())


def until(is_so: Any) -> None:
    end = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end, "it never came to it"


def test_a_bill_is_paid_told_and_its_receipt_is_genuine(paying: Paying) -> None:
    process = paying.pay()
    opened = line(process.stdout)
    assert opened["state"] == "opened", opened
    assert (opened["amount"], opened["currency"]) == (12_500, "SYP")
    paying.wallet.pay(opened["bill_no"])
    states = [opened["state"]]
    while states[-1] != "told":
        said = line(process.stdout)
        states.append(said["state"])
    assert process.wait(timeout=WITHIN_S) == 0
    assert states[-2:] == ["marked", "told"]
    assert said["receipt"]
    until(lambda: [one["state"] for one in paying.central_says()] == ["told"])
