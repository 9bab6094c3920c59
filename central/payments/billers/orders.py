"""The city's own orders as a biller: owed is the fee of the order's service, and a mark makes the order paid."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base.database.transactions import reading
from central.base.tables.ordered import orders
from central.base.tables.received import GONE, inbox
from central.feed import Audience
from central.intake.orders import card_order, order_code, order_states
from central.intake.orders.order_code import OrderCodeError
from central.intake.unsealing import kept as unsealed
from central.keys.at_rest import NotOurText, Vault
from central.payments.billers import kept
from central.payments.marks import debt_mark
from central.payments.ports.biller import BillerFields, Changes, Debt, Mark, Marked, Owed
from central.payments.ports.errors import MarkRefused
from central.payments.ports.opening import Means
from central.publishing import in_force
from common.city.brand.brand import brand
from common.city.catalogue import Fee, load_catalogue
from common.protocol.envelope import OrderBody, decode_body
from common.protocol.feed_message import OrderState
from common.protocol.field import Prefix
from common.protocol.payments.setup import BillField, Names, PaperCode, Pound

KIND: Final = "orders"
_FIELD: Final = BillField("order", "[0-9a-f]{32}", {"ar": "رقم الطلب", "en": "Order"})
_NAMES: Final = {"ar": "رسم الطلب", "en": "Fee of the order"}


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    names: Names | None = None
    cashier_group: Prefix | None = None
    papers: Annotated[tuple[PaperCode, ...], Meta(max_length=0)] = ()


class Orders:
    """Orders' fees, and which are paid."""

    def __init__(self, means: Means) -> None:
        """Read the section. Raises ConfigError."""
        section = means.read(_Section)
        self._names, self._pound = section.names or _NAMES, means.pound
        self._name, self._engine, self._vault = means.name, means.engine, means.ring.vault()
        self.cashier_group, self.papers = section.cashier_group, section.papers

    async def fields(self) -> BillerFields:
        """Return that it asks for an order's id."""
        return BillerFields(self._names, "SYP", self._pound, [_FIELD])

    async def inquire(self, fields: Mapping[str, str]) -> Owed | None:
        """Return an order's fee, where it is owed still."""
        order = fields.get("order", "")
        async with reading(self._engine) as connection:
            debt = await fee_of(connection, self._vault, self._name, order, self._pound)
        return None if debt is None else Owed(order, [debt])

    async def mark(self, mark: Mark) -> Marked:
        """Make an order paid."""
        async with self._engine.begin() as connection:
            order = (await connection.execute(select(orders).where(orders.c.order_id == mark.debt))).one_or_none()
            if order is None:
                raise MarkRefused("not-taken")
            is_known = await kept.is_marked(connection, self._name, debt_mark(self._vault, self._name, mark.debt))
            marked = await kept.keep(connection, self._vault, self._name, mark)
            if not is_known:
                await _tell(connection, order)
            return marked

    async def changes(self, after: int) -> Changes:
        """Return the marks that were kept."""
        async with reading(self._engine) as connection:
            return await kept.changes(connection, self._vault, self._name, after)


async def fee_of(connection: AsyncConnection, vault: Vault, biller: str, order: str, pound: Pound) -> Debt | None:
    """Return what is owed for an order; None: it is not known, free, paid, or nobody can say how much it is."""
    row = (await connection.execute(select(orders).where(orders.c.order_id == order))).one_or_none()
    if row is None or await kept.is_marked(connection, biller, debt_mark(vault, biller, order)):
        return None
    said = await _said(connection, vault, row)
    if said is None:
        return None
    document, copies = said
    centre = None if row.centre == "post" else row.centre
    try:
        published = await in_force.catalogue(connection, Audience(centre))
    except ValueError:  # no centre of ours
        return None
    catalogue = load_catalogue(published.published if published is not None else ())
    service = next((one for one in catalogue.services if one.code == row.service), None)
    fee = None if service is None else service.fee_of(document)
    amount = 0 if fee is None else _in_pound(fee, pound) * copies
    return Debt(order, amount, "SYP", pound) if fee is not None and amount > 0 else None


async def _said(connection: AsyncConnection, vault: Vault, row: Row[Any]) -> tuple[str | None, int] | None:
    """Return which document was ordered and how many copies; None where it is paid already, or cannot be read."""
    item = select(inbox).where(inbox.c.kiosk == row.kiosk, inbox.c.id == row.item)
    held = (await connection.execute(item)).one_or_none()
    if held is None or held.body == GONE:
        return None
    body = decode_body("order", held.body)
    try:
        opened = await unsealed.read(connection, vault, row.kiosk, row.item)
    except NotOurText:
        return None
    code = None if opened is None or not isinstance(opened.content, dict) else opened.content.get("code")
    if code is None or not isinstance(body, OrderBody):
        return None
    if card_order.is_card_order(code):
        return body.document, body.copies or 1
    try:
        order = order_code.claimed(order_code.take_apart(code))  # it was verified when it took its id
    except OrderCodeError:
        return None
    return None if order.payment is not None else (None, order.copies)


async def _tell(connection: AsyncConnection, order: Row[Any]) -> None:
    """Tell kiosks and the app of an order's state again: from now on it says that it is paid."""
    state = await order_states.newest(connection, order.order_id)
    if state is None:
        centre = None if order.centre == "post" else order.centre
        state = OrderState(order.order_id, "in_progress", order.number, order.at, centre, order.service)
    await order_states.publish(connection, state)


def _in_pound(fee: Fee, pound: Pound) -> int:
    """Return a fee's amount in the pound that central counts in."""
    return fee.due_minor if pound == "new" else fee.due_minor * (brand().currency.former or 1)
