"""Payments in the demo: a wallet whose bills a page pays by a click, a biller, and central's file that names both."""

import base64
import secrets
import sys
import urllib.request
from pathlib import Path
from typing import Final

from demo.processes import DemoFailed, Processes, free_port

SUBSCRIBER: Final = "1000042"
WALLET: Final = "wallet"
_WITHIN_S: Final = 20.0
_FILE: Final = """pound = "new"
[payers.wallet]
kind = "shamcash"
names = {{ ar = "محفظة التجربة", en = "Wallet of the demo" }}
url = "http://127.0.0.1:{wallet}"
agent_key_file = "wallet-agent"
secret_key_file = "wallet-secret"
[payers.bank]
kind = "emv-static"
scheme = "sy.gov.example"
account = "0001"
merchant = "HOMS"
city = "HOMS"
[billers.homs-water]
kind = "http"
url = "http://127.0.0.1:{biller}"
token_file = "biller-token"
cashier_group = "C"
service = "water-bill"
[billers.fees]
kind = "orders"
"""


def pay_by_telephone(address: str) -> None:
    """Do what the wallet's app does with the code that the kiosk shows. Raises DemoFailed where it takes no money."""
    with urllib.request.urlopen(address, data=b"", timeout=_WITHIN_S) as answer:  # noqa: S310 - our own wallet
        if b": paid" not in answer.read():
            raise DemoFailed(f"the wallet took no money at {address}")


class Till:
    """Wallet and biller as processes of their own, with books that central reads by its ports alone.

    Args:
        folder: for settings, secrets and logs.
        processes: ends what is started here.
    """

    def __init__(self, folder: Path, processes: Processes) -> None:
        own = folder / "payments"
        own.mkdir()
        texts = {
            "wallet-agent": secrets.token_hex(8),
            "wallet-secret": base64.b64encode(secrets.token_bytes(32)).decode(),
            "biller-token": secrets.token_hex(16),
        }
        for name, text in texts.items():
            (own / name).write_text(text, encoding="ascii")
            (own / name).chmod(0o600)
        wallet, biller = free_port(), free_port()
        self.settings = own / "payments.toml"
        self.settings.write_text(_FILE.format(wallet=wallet, biller=biller), encoding="utf-8")
        for name, port in (("wallet", wallet), ("biller", biller)):
            processes.start(name, [sys.executable, "-m", f"demo.payments.{name}", str(port), str(own)])
