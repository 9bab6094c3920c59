"""What people tell the machines of a centre apart by: a kiosk's digit, a hub's place among its hubs, who led last."""

from typing import Final

from sqlalchemy import ColumnElement, case, func, select, tuple_

from central.base.tables.enrolled import kiosks
from central.base.tables.received import waiting_lists

_peer: Final = kiosks.alias()
_is_hub: Final = kiosks.c.role == "hub"
_hubs_there: Final = (_peer.c.role == "hub") & (_peer.c.centre == kiosks.c.centre)
_up_to_it: Final = tuple_(_peer.c.enrolled_at, _peer.c.id) <= tuple_(kiosks.c.enrolled_at, kiosks.c.id)
_place: Final = select(func.count()).select_from(_peer).where(_hubs_there, _up_to_it).correlate(kiosks)
number: Final[ColumnElement[int]] = case((_is_hub, _place.scalar_subquery()), else_=kiosks.c.digit).label("number")
"""Of a hub it is that of the numbers that its clerks give by hand: the second one's begin at 1001."""

_latest: Final = (
    select(waiting_lists)
    .join(_peer, _peer.c.id == waiting_lists.c.hub)
    .where(_hubs_there)
    .order_by(waiting_lists.c.at.desc(), waiting_lists.c.hub.desc())
    .limit(1)
    .correlate(kiosks)
)
_is_latest: Final = kiosks.c.id == _latest.with_only_columns(waiting_lists.c.hub).scalar_subquery()
_said_at: Final = _latest.with_only_columns(waiting_lists.c.at).scalar_subquery()
led_at: Final[ColumnElement[str]] = case((_is_latest & kiosks.c.revoked_at.is_(None), _said_at)).label("led_at")
"""When this hub said that it leads, where the centre's last word at central is its own, else None: only one that leads
tells who waits. Whether it still does is known while that is no longer ago than `machine.leads` takes."""
