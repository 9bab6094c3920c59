"""How long it takes from a wallet's webhook until the kiosk says that it is paid, and until its receipt may print.

Forwarder and central are processes of their own, central on a durable PostgreSQL. Wallet and biller speak their real
wires, and play in threads beside the screen's process, which here draws nothing: it has the answer on its disk.
"""

import json
import math
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from common.machine.clock import SystemClock
from demo.payments.biller import Biller
from demo.payments.server import Server
from demo.payments.wallet import Wallet
from demo.processes import free_port
from kiosk.delivery.enrolment import enrol, load
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from offline_store.opening import open_store_in
from tests.kit.postgres import running_postgres
from tools.benchmarks.bench_delivery import CENTRAL
from tools.soak.payments.setting_up import write_settings

WITHIN_S: Final = 3.0
PAYMENTS: Final = 40
BILLS_EACH: Final = 5  # what one question for bills answers at most: a kiosk asks thirty an hour
AMOUNT: Final = 12_500
_BEGINS_WITHIN_S: Final = 60.0
_PAID: Final = ("paid", "marked")
_ENTERED: Final = ("marked",)
_FORWARD: Final = [sys.executable, "-c", "from kiosk.commands.cli import main; main()", "forward", "--config"]


def rows() -> list[dict[str, str | float]]:
    """Measure once; returns the rows of the benchmark table."""
    wallet, biller = Wallet(), Biller()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(durable=True) as database,
        Server(wallet.answer) as wallets,
        Server(biller.answer) as billers,
    ):
        wallet.url = wallets.url
        settings = write_settings(Path(folder), wallet, biller, billers.url)
        data = ["--data", str(Path(folder) / "central"), "--database", database]
        with _central(data, settings) as url:
            kiosk = Path(folder) / "kiosk"
            command = [*CENTRAL, "enrolment-code", "--centre", "homs-main", *data]
            code = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["code"]
            enrol(kiosk, url=url, code=code, centre="homs-main", clock=SystemClock())
            found = _measured(kiosk, url, wallet, biller)
    return [_row(what, took) for what, took in found.items()]


def _row(what: str, took: list[float]) -> dict[str, str | float]:
    p95_s = sorted(took)[math.ceil(len(took) * 0.95) - 1]
    return {
        "row": f"payment: a wallet's webhook to the screen's process, {what}, p95 of {len(took)}",
        "value": round(p95_s, 2),
        "unit": "s",
        "compared_with": f"{WITHIN_S:.0f} s",
        "ratio": round(p95_s / WITHIN_S, 2),
    }


@contextmanager
def _central(data: list[str], settings: Path) -> Iterator[str]:
    """Serve a central that wallets reach at its own address."""
    subprocess.run([*CENTRAL, "migrate", *data], check=True, stdout=subprocess.DEVNULL)
    port = str(free_port())
    own = ["--port", port, "--public-url", f"http://127.0.0.1:{port}", "--payments", str(settings)]
    command = [*CENTRAL, "serve", *own, "--json", *data]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            yield json.loads(server.stdout.readline())["url"]
        finally:
            server.terminate()


def _measured(data_dir: Path, url: str, wallet: Wallet, biller: Biller) -> dict[str, list[float]]:
    """Pay one bill after the other, as people do; each has to end in a receipt."""
    clock, settings = SystemClock(), data_dir.parent / "kiosk.toml"
    settings.write_text(f'[kiosk]\ncentre = "homs-main"\ndata_dir = "{data_dir}"\n[central]\nurl = "{url}"\n')
    told: dict[str, list[float]] = {"paid": [], "entered, with its receipt": []}
    with open_store_in(data_dir, load(data_dir).identity, stamp=clock.now()) as store:
        clock.trusted = store.trusted_time
        paying = Paying(store, clock)
        with subprocess.Popen(
            [*_FORWARD, str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as forwarder:
            try:
                for number in range(PAYMENTS // BILLS_EACH):
                    for bill in _bills(paying, biller, f"{1_000_000 + number}"):
                        for took, seconds in zip(told.values(), _pay(paying, wallet, bill), strict=True):
                            took.append(seconds)
            finally:
                forwarder.kill()
    return told


def _bills(paying: Paying, biller: Biller, subscriber: str) -> list[str]:
    for number in range(BILLS_EACH):
        biller.owe(subscriber, f"D{subscriber}-{number}", AMOUNT)
    until = time.monotonic() + _BEGINS_WITHIN_S
    while isinstance(found := paying.bill("water", {"subscriber": subscriber}, _never), NotPaid):
        # Central has just begun, and has not asked the biller yet what it asks for.
        assert found.why == "biller-silent", found.why
        assert time.monotonic() < until, "central never heard what the biller asks for"
    return [found.bill, *(other.bill for other in found.others)]


def _pay(paying: Paying, wallet: Wallet, bill: str) -> tuple[float, float]:
    """Pay a bill; return the seconds from the webhook until the screen says that it is paid, and until its receipt."""
    shown = paying.open("wallet", _never, bill=bill)
    assert isinstance(shown, Following), shown
    assert shown.now.state == "opened", shown
    number = shown.now.bill_no
    wallet.pay(number)
    telling = threading.Thread(target=wallet.tell, args=(number,))
    began = time.perf_counter()
    telling.start()
    shown = _until(paying, shown, _PAID)
    paid_s = time.perf_counter() - began
    shown = _until(paying, shown, _ENTERED)
    marked_s = time.perf_counter() - began
    telling.join()
    assert paying.may_print(shown.now)
    return paid_s, marked_s


def _until(paying: Paying, shown: Following, states: Sequence[str]) -> Following:
    while shown.now.state not in states:
        assert not shown.is_over, f"{shown.now.state}: {shown.lost}"
        shown = paying.follow(shown, _never)
    return shown


def _never() -> bool:
    return False
