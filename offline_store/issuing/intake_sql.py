"""The statements of the accept path, compiled once: few round trips, each by a unique key."""

from sqlalchemy import BindParameter, and_, bindparam, func, insert, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from offline_store.disk import tables
from offline_store.disk.sql import precompiled

_store, _day, _ticket = tables.store.c, tables.business_days.c, tables.tickets.c
_order, _item, _counter = tables.orders.c, tables.items.c, tables.counters.c
_intention: BindParameter[str] = bindparam("intention")
_prefix: BindParameter[str] = bindparam("prefix")
_order_id: BindParameter[str] = bindparam("order_id")

# Everything that a ticket depends on, in one row: the head, the open day, the prefix's counter, and whether this
# intention has its ticket already.
_last_day = select(func.max(_day.id)).scalar_subquery()
BEFORE_TICKET = precompiled(
    select(
        _store.epoch,
        _store.kiosk,
        _store.head_seq,
        _store.head_hash,
        _store.digit,
        _store.floor_us,
        _store.tickets_closed,
        _day.id,
        _day.date,
        _day.counter_base,
        _counter.n,
        _ticket.row,
    ).select_from(
        tables.store.outerjoin(tables.business_days, _day.id == _last_day)
        .outerjoin(tables.counters, and_(_counter.day_id == _day.id, _counter.prefix == _prefix))
        .outerjoin(tables.tickets, _ticket.intention == _intention)
    )
)
TICKETS_CLOSED = precompiled(select(_store.tickets_closed))
_known = select(_item.id, _ticket.number, _item.body).join_from(tables.tickets, tables.items, _item.row == _ticket.row)
TICKET_OF_INTENTION = precompiled(_known.where(_ticket.intention == _intention))
TICKET_OF_ORDER = precompiled(
    _known.where(
        _ticket.order_id == _order_id, _ticket.day_id == bindparam("day_id"), _ticket.voided.is_(None)
    ).order_by(_ticket.row.desc())
)
# Named one by one: a column that is added later is left to its default until somebody fills it here.
_TICKET = ("row", "intention", "day_id", "prefix", "digit", "n", "number", "service", "priority", "order_id")
INSERT_TICKET = precompiled(insert(tables.tickets).values({name: bindparam(name) for name in _TICKET}))
_set_counter = upsert(tables.counters).values({name: bindparam(name) for name in ("day_id", "prefix", "n")})
SET_COUNTER = precompiled(
    _set_counter.on_conflict_do_update(index_elements=["day_id", "prefix"], set_={"n": _set_counter.excluded.n})
)

# The same intention, the same order, or (for a code that could not be verified) the very same code in whatever state.
FIND_ORDER = precompiled(
    select(_order.id, _order.intention, _order.outcome, _order.service, _order.order_number)
    .where(
        or_(
            _order.intention == _intention,
            _order.order_id == _order_id,
            and_(_order_id.is_(None), _order.code_sha256 == bindparam("code_sha256")),
        )
    )
    .order_by((_order.intention == _intention).desc(), _order.order_id.is_(None))
)
_ORDER = ("id", "intention", "order_id", "code_sha256", "service", "outcome", "order_number", "expires_at")
_ORDER_AT = ("recorded_us", "boot_id", "boot_time_ns")
INSERT_ORDER = precompiled(insert(tables.orders).values({name: bindparam(name) for name in (*_ORDER, *_ORDER_AT)}))
UNVERIFIED_LATELY = precompiled(
    select(func.count()).where(
        _order.order_id.is_(None),
        _order.outcome == bindparam("outcome"),
        _order.boot_id == bindparam("boot_id"),
        _order.boot_time_ns > bindparam("after_ns"),
    )
)
