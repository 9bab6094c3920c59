"""The payers and billers that this process speaks to, as its settings name them, and what wakes who works for them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from central.keys.keys import KeyRing
from central.payments.billers.file import FileBiller
from central.payments.billers.http import HttpBiller
from central.payments.billers.orders import KIND, Orders
from central.payments.payers.emv_static import EmvStatic
from central.payments.payers.shamcash import ShamCash
from central.payments.ports.biller import Biller, BillerFields
from central.payments.ports.opening import Means, opener
from central.payments.ports.payer import Payer
from central.payments.settings import PaymentsSettings
from common.machine.errors import ConfigError
from common.protocol.payments.setup import Pound

PAYERS: Final[Mapping[str, Callable[[Means], Payer]]] = {"shamcash": ShamCash, "emv-static": EmvStatic}
BILLERS: Final[Mapping[str, Callable[[Means], Biller]]] = {"http": HttpBiller, "file": FileBiller, KIND: Orders}
CASH: Final = "cash"
"""The payer of what a cashier took: it needs no port."""
log: Final = structlog.get_logger()


@dataclass(slots=True)
class Payments:
    """What can be paid here. Without settings, or with such as may not start, nothing can.

    Attributes:
        orders: the biller of orders' fees, None where they cannot be paid.
        fields: what each biller last said that it asks for.
        addresses: the random part of each payer's address for what it tells.
        looked_at: when each payer's books were last looked into for a payment that waits.
        wake: set when there is something to do at once.
    """

    pound: Pound | None = None
    payers: dict[str, Payer] = field(default_factory=dict)
    billers: dict[str, Biller] = field(default_factory=dict)
    orders: str | None = None
    fields: dict[str, BillerFields] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    public_url: str | None = None
    looked_at: dict[str, datetime] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def are_on(self) -> bool:
        """Whether anything can be paid."""
        return bool(self.payers and self.billers)

    def hears_at(self, payer: str) -> str | None:
        """Return where a payer may tell what became of a number; None without a public address."""
        if self.public_url is None or payer not in self.addresses:
            return None
        return f"{self.public_url}/v1/payments/{payer}/{self.addresses[payer]}"


def opened(
    settings: PaymentsSettings | None, engine: AsyncEngine, ring: KeyRing, public_url: str | None = None
) -> Payments:
    """Open what the settings name. What cannot be opened is named in the log and left out; the others go on."""
    if settings is None:
        return Payments()
    if settings.pound is None or settings.why_not is not None:
        log.error("payments-not-started", why=settings.why_not)
        return Payments()
    made = Payments(settings.pound, public_url=public_url)

    def means(name: str, section: Mapping[str, Any]) -> Means:
        own = {key: value for key, value in section.items() if key != "kind"}
        return Means(name, own, Path(settings.folder), made.pound or "new", engine, ring)

    for name, section in settings.payers.items():
        if name != CASH and (payer := _opened(PAYERS, "homs_kiosk.payers", means(name, section), section["kind"])):
            made.payers[name] = payer
    for name, section in settings.billers.items():
        if biller := _opened(BILLERS, "homs_kiosk.billers", means(name, section), section["kind"]):
            made.billers[name] = biller
            if section["kind"] == KIND:
                made.orders = made.orders or name
    return made


def _opened[T](shipped: Mapping[str, Callable[[Means], T]], group: str, means: Means, kind: str) -> T | None:
    try:
        return opener(shipped, group, kind)(means)
    except ConfigError as error:
        log.warning("payment-port-not-opened", port=means.name, why=str(error))
    except Exception as error:  # noqa: BLE001 - another package's own: the other ports go on
        log.warning("payment-port-not-opened", port=means.name, why=type(error).__name__)
    return None
