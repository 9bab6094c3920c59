"""What both pages of receipts stand on: style within the page, and what payers and billers are called."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from central import feed
from central.insight.public.texts import Language, tell
from common.city.brand.brand import brand
from common.city.brand.look import variables
from common.city.money import money
from common.protocol.payments.setup import Names, PaymentsSetup

HERE: Final = Path(__file__).parent
CASH: Final = "cash"


@dataclass(frozen=True, slots=True)
class Parties:
    """What billers and payers are called, by their words; `late`: payers of which only the bank's file tells."""

    billers: Mapping[str, Names]
    payers: Mapping[str, Names]
    late: Mapping[str, int] = field(default_factory=dict)

    def biller(self, word: str, language: Language) -> str:
        """Return what a biller is called, by its word where it has no name."""
        return self.billers.get(word, {}).get(language) or word

    def payer(self, word: str, language: Language) -> str:
        """Return what a payer is called."""
        if word == CASH:
            return tell(language, "receipt.cash")
        return self.payers.get(word, {}).get(language) or word


async def parties(connection: AsyncConnection) -> Parties:
    """Return who can be paid and by whom, as kiosks were last told."""
    body = await feed.newest_body(connection, "payments")
    if body is None:
        return Parties({}, {})
    setup = msgspec.json.decode(body, type=PaymentsSetup)
    return Parties(
        {one.biller: one.names for one in setup.billers},
        {one.payer: one.names for one in setup.payers},
        {one.payer: one.late_days for one in setup.payers if one.late_days},
    )


def amount_of(amount: int, currency: str, pound: str | None, language: Language) -> str:
    """Return a sum of the smallest unit as people read it, and in which of both pounds."""
    return money(amount, currency, pound)[language]


def style_of() -> str:
    """Return the pages' style, in the colours of the brand that is in force."""
    return f":root {{ {variables(brand().colours.look)} }}\n{file_of('receipt.css')}"


@cache
def file_of(name: str) -> str:
    """Return a file of the pages."""
    return (HERE / "files" / name).read_text(encoding="utf-8")


def hash_of(content: str) -> str:
    """Return by what a policy permits a style or script within the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
