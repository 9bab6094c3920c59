"""Orders of other centres whose codes were shown here: central is asked where they stand, and the feed tells it.

A state goes to its order's centre alone, so a kiosk elsewhere has to ask. Central is asked at once, and again now and
then until the feed has told, or the next business day is over: what was told to nobody yet may be told later.
"""

from collections.abc import Callable, Sequence
from itertools import batched
from typing import Final

import structlog
from sqlalchemy import delete, exists, func, insert, or_, select, update

from common.protocol.envelope import MAX_ORDERS_ASKED, Batch, BatchAnswer
from offline_store.delivery.connection.delivery_error import DeliveryRejected
from offline_store.delivery.connection.uplink import Uplink
from offline_store.disk import tables
from offline_store.disk.database import Store

MOST: Final = 50
AGAIN_S: Final = 600.0
_question = tables.order_questions.c
_TODAY = select(func.coalesce(func.max(tables.business_days.c.id), 0)).scalar_subquery()
_IS_TOLD = exists().where(tables.order_states.c.order_id == _question.order_id)
_IS_OVER = or_(_IS_TOLD, _question.day_id < _TODAY - 1)
_log = structlog.get_logger(__name__)


def note_question(store: Store, order_id: str) -> None:
    """Write down an order (32 hex digits) to be asked for; past fifty the oldest goes. Raises StoreUnavailable."""
    with store.write() as connection:
        noted = insert(tables.order_questions).prefix_with("OR IGNORE")
        connection.execute(noted.values(order_id=order_id, day_id=_TODAY))
        newest = select(_question.row).order_by(_question.row.desc()).limit(MOST)
        connection.execute(delete(tables.order_questions).where(_question.row.not_in(newest)))


def has_new_question(store: Store) -> bool:
    """Return whether an order was written down that central was not asked for yet. Raises StoreUnavailable."""
    with store.read() as connection:
        return connection.execute(select(_question.row).where(_question.asked == 0).limit(1)).first() is not None


class OrderQuestions:
    """Asks for what was written down in one store. `settled` counts the orders that central was asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked_at: dict[str, float] = {}
        self.settled = 0

    def ask(self, uplink: Callable[[], Uplink], now_s: float, told: Callable[[BatchAnswer], None]) -> None:
        """Ask for all that are due, in batches of their own: refused, they must not stop an item.

        Args:
            uplink: gives this kiosk's uplink, called only where there is something to ask.
            now_s: seconds of a clock that never stands still or goes back.
            told: hears each answer, whose mark says whether the feed has news.

        Raises:
            DeliveryDeferred: central could not be reached; the rest is asked for in the next round.
            StoreUnavailable: it could not be read or written down; the same is asked for again.
        """
        for orders in batched(self._due(now_s), MAX_ORDERS_ASKED, strict=False):
            try:
                told(uplink().send(Batch([], orders_asked=list(orders))))
            except DeliveryRejected as error:
                _log.warning("order-questions-refused", detail=str(error))
            self._note_asked(orders, now_s)

    def _due(self, now_s: float) -> list[str]:
        """Return the orders never asked for and those asked for long ago, and let go of those that are over."""
        questions = select(_question.order_id, _question.asked, _IS_OVER.label("is_over")).order_by(_question.row)
        with self._store.read() as connection:
            rows = connection.execute(questions).all()
        if any(row.is_over for row in rows):
            with self._store.write() as connection:
                connection.execute(delete(tables.order_questions).where(_IS_OVER))
        open_ones = {row.order_id: row.asked for row in rows if not row.is_over}
        self._asked_at = {order: at for order, at in self._asked_at.items() if order in open_ones}
        return [
            order
            for order, was_asked in open_ones.items()
            if not was_asked or now_s - self._asked_at.get(order, float("-inf")) >= AGAIN_S
        ]

    def _note_asked(self, orders: Sequence[str], now_s: float) -> None:
        with self._store.write() as connection:
            are_new = _question.order_id.in_(orders), _question.asked == 0
            connection.execute(update(tables.order_questions).where(*are_new).values(asked=1))
        self._asked_at |= dict.fromkeys(orders, now_s)
        self.settled += len(orders)
