"""How long central keeps in clear text what citizens sealed: as many days as an operator says, and no longer.

The sealed parts themselves are part of items' contents, which have a rule of their own.
"""

from central.base.tables.ordered import opened, orders
from central.offices.retention.sweep import Sweep


def sweeps(before: str) -> list[Sweep]:
    """Return what was opened before a moment: items' contents, and orders' personal blocks."""
    return [
        Sweep("opened", (opened.c.kiosk, opened.c.item), opened.c.opened_at < before),
        Sweep(
            "orders",
            (orders.c.order_id,),
            (orders.c.at < before) & orders.c.personal.is_not(None),
            becomes={"personal": None},
        ),
    ]
