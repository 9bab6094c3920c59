"""Citizens with a bill: they pay it by telephone at a kiosk, at once, late, never, twice, wrongly, or walk away."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final

from common.machine.errors import StoreError
from common.protocol.payments.answers import PaymentNow
from demo.payments.bank import NoCode
from kiosk.desk.payments.paying import Following, NotPaid, Paying
from kiosk.flows.payments.asked import late_days
from kiosk.flows.payments.ending import ending_of, told_state
from tests.town import asking, bills_judged, outside
from tests.town.houses import Houses

if TYPE_CHECKING:
    from tests.town.town import Town

AMOUNT: Final = 12_500
PAYS_AFTER_S: Final = (8.0, 90.0)
LIFE_S: Final = 600.0


@dataclass
class Bill:
    """Somebody's bill, and each try to pay it."""

    number: int
    events: list[str] = field(default_factory=list)
    tries: list["Try"] = field(default_factory=list)
    told_s: float = 0.0
    is_lost: bool = False  # central was set back to before something was said of it

    @property
    def debt(self) -> str:
        """What the biller calls it."""
        return f"D{self.number}"

    def __str__(self) -> str:
        return f"bill {self.number}"


@dataclass
class Try:
    """A payment that was opened: where, under which numbers, and what its citizen was told last."""

    kiosk: str
    payer: str
    payment: str
    bill_no: str
    word: str = ""
    page: str | None = None


class Bills:
    """All of them."""

    def __init__(self, town: "Town", houses: Houses) -> None:
        self._town, self.houses = town, houses
        self.all: dict[int, Bill] = {}
        self.busy_until_s = 0.0

    @property
    def are_open(self) -> bool:
        """Whether central may have something to do for them."""
        return self._town.loop.time() < self.busy_until_s

    def hurry(self, seconds: float = 2 * LIFE_S) -> None:
        """Know that there is something to do for so long."""
        self.busy_until_s = max(self.busy_until_s, self._town.loop.time() + seconds)

    def may_be_of_bank(self, bill_no: str) -> bool:
        """Whether a number may be one of the bank's, which it never ends: that is all but the wallet's own."""
        if any(one.bill_no == bill_no and one.payer != "bank" for bill in self.all.values() for one in bill.tries):
            return False
        return bill_no not in self.houses.wallet.bills

    async def comes(self, act: dict[str, Any]) -> None:
        """Have somebody come to a kiosk with a bill; the second time it is the same bill."""
        town, kiosk = self._town, outside.kiosk_of(self._town, act["kiosk"])
        bill = self.all.setdefault(act["bill"], Bill(act["bill"]))
        if bill.debt not in self.houses.biller.debts:
            self.houses.biller.owe(f"{1_000_000 + bill.number}", bill.debt, AMOUNT)
        if kiosk is None:
            return
        self.hurry()
        paying, stands = Paying(kiosk.store, kiosk.clock), asking.Stands(kiosk)
        town.loop.call_later(act["stays"], stands.leave)
        subscriber, tried = {"subscriber": f"{1_000_000 + bill.number}"}, list[Try]()

        def heard(now: PaymentNow) -> None:
            if now.show and not tried:
                tried.append(Try(kiosk.name, now.payer, now.payment, now.bill_no, page=now.page))
                bill.tries.append(tried[0])
                town.ledger.reached[f"opened-by-{now.payer}"] += 1
                town.outside.note(bill, f"{kiosk.name} shows the code of {now.bill_no} for {bill}, by {now.payer}")
                town.later(self._pays(bill, now, act))
            if tried:
                town.outside.note(bill, f"{kiosk.name} hears that {now.bill_no} is {now.state}")
                tried[0].page = now.page or tried[0].page

        ended = await stands.asks(partial(_pay, paying, act["payer"], subscriber, stands, heard))
        self.hurry()
        if isinstance(ended, str) or ended is None:
            town.outside.note(bill, f"{kiosk.name} opens no payment of {bill}: {ended or 'it goes out'}")
        elif tried and not kiosk.is_dying:  # without a code nobody could pay, and there is nothing to be told
            now, word = ended
            bills_judged.told(town, bill, tried[0], word, now)

    async def _pays(self, bill: Bill, now: PaymentNow, act: dict[str, Any]) -> None:
        """Do with the telephone what this citizen does."""
        town, houses = self._town, self.houses
        dice = Random(f"{town.plan.seed} pays {bill.number} {act['at']}")
        await asyncio.sleep(dice.uniform(*PAYS_AFTER_S) if act["pays"] != "late" else LIFE_S + 60)
        if act["pays"] == "never":
            return
        amount = {"wrong-amount": Decimal("1.25")}.get(act["pays"])
        for _ in range(2 if act["pays"] == "twice" else 1):
            if now.payer == "bank":
                with suppress(NoCode):
                    houses.bank.pay(now.show or "", None if amount is None else 125)
                took = True
            else:
                is_late = act["pays"] in ("late", "twice")
                took = houses.wallet.pay(now.bill_no, amount, even_late=is_late) is not None
        town.ledger.reached[f"pays-{act['pays']}"] += took
        town.outside.note(bill, f"{now.bill_no} is paid by the {now.payer}" if took else f"{now.bill_no} is not taken")
        if now.payer == "wallet":
            for _ in range(act["tells"]):
                await asyncio.sleep(dice.uniform(0.5, 20))
                await houses.tell(now.bill_no)

    async def asks_again(self, act: dict[str, Any]) -> None:
        """Have somebody ask with a payment's paper, at the kiosk that opened it, what has become of it."""
        bill = self.all.get(act["bill"])
        if bill is not None and bill.tries:
            await self.ask(bill, bill.tries[-1])

    async def ask(self, bill: Bill, one: Try) -> PaymentNow | None:
        """Return what a kiosk says of a payment that it opened, None where it can't say."""
        kiosk = next(each for each in self._town.kiosks if each.name == one.kiosk)
        if not kiosk.is_up or kiosk.is_dying:
            return None
        paying, stands = Paying(kiosk.store, kiosk.clock), asking.Stands(kiosk)

        def asked() -> tuple[PaymentNow, str] | None:
            now = paying.state(one.payment, stands.is_left)
            if isinstance(now, NotPaid):
                return None
            word = ending_of(paying, now, late_days(paying.setup(), now.payer))
            paying.tell(now.payment, told_state(now, word))
            return now, word

        found = await stands.asks(asked)
        if found is None or kiosk.is_dying:
            return None
        bills_judged.told(self._town, bill, one, found[1], found[0])
        return found[0]

    async def at_biller(self, act: dict[str, Any]) -> None:
        """Have something become of a bill at its biller's own window."""
        debt = self.houses.biller.debts.get(f"D{act['bill']}")
        bill = self.all.get(act["bill"])
        if debt is None or bill is None:
            return
        if act["what"] == "elsewhere":
            self.houses.biller.take_elsewhere(debt.debt)
        elif act["what"] == "amount":
            self.houses.biller.change_amount(debt.debt, AMOUNT + 100)
        elif act["what"] == "refuses":
            debt.refuses = True
        elif debt.key is not None:
            self.houses.biller.reverse(debt.debt)
        self._town.outside.note(bill, f"at the biller's window: {act['what']}, {bill}")


def _pay(
    paying: Paying, payer: str, fields: dict[str, str], stands: asking.Stands, heard: Callable[[PaymentNow], None]
) -> tuple[PaymentNow, str] | str:
    """Do what the kiosk's screens do, by the same path; return how it ended, or why there is no payment."""
    setup = paying.setup()
    if setup is None:
        return "not-set-up"
    found = paying.bill("water", fields, stands.is_left)
    if isinstance(found, NotPaid):
        return found.why
    opened = paying.open(payer, stands.is_left, bill=found.bill)
    if isinstance(opened, NotPaid) and opened.begun is not None:  # its sentence was read
        opened = paying.open(payer, stands.is_left, bill=found.bill, instead_of=opened.begun.payment)
    if isinstance(opened, NotPaid):
        return opened.why
    following = _followed(paying, opened, stands, heard)
    now = following.now
    if stands.is_gone:
        raise StoreError("the kiosk went out")
    paying.keep(following.asked.id)
    if following.lost is not None and not stands.is_left():
        asked = paying.state(now.payment, stands.is_left)
        now = asked if isinstance(asked, PaymentNow) else now
    word = ending_of(paying, now, late_days(setup, now.payer))
    paying.tell(now.payment, told_state(now, word))
    return now, word


def _followed(
    paying: Paying, opened: Following, stands: asking.Stands, heard: Callable[[PaymentNow], None]
) -> Following:
    """Follow a payment until it has ended or somebody leaves."""
    said: Any = None
    while True:
        if opened.now != said:
            said = opened.now
            heard(said)
        if opened.is_over or stands.is_left():
            return opened
        opened = paying.follow(opened, stands.is_left)
