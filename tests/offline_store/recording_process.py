"""A process that does with a store whatever a kiosk does, and reports each thing only when it is done: for power cuts.

`python -m tests.offline_store.recording_process DATA_DIR VISITS [PRAGMA=VALUE=READ_BACK ...]`. A visit is a ticket
with its paper, an order with its paper, and central's answer to all that waits. The pragmas weaken durability, for the
tests of the tests.
"""

import json
import sys
from pathlib import Path

from common.protocol.envelope import ItemResult
from offline_store.delivery.outbox import apply_results, waiting_items
from offline_store.disk import database
from offline_store.disk.database import Store
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed.print_journal import close_job, open_job
from tests.kit.store import IDENTITY, MACHINE, stamp


def done(what: str, item: str, **more: str) -> None:
    """Report one thing: from now on it has been seen."""
    sys.stdout.write(json.dumps({"what": what, "item": item} | more) + "\n")
    sys.stdout.flush()


def print_paper(store: Store, item: str, paper: str) -> None:
    """Open a job, and close it as the printer's confirmation does."""
    job = open_job(store, item_id=item, paper=paper, stamp=stamp())
    done("sending", item)
    close_job(store, job, "printed", stamp(), millimetres=90)
    done("printed", item)


def visit(store: Store, number: int) -> None:
    """Serve one citizen, and have central take what waits."""
    intention = f"ticket-{number}"
    ticket = accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=stamp())
    done("ticket", ticket.id, intention=intention, number=ticket.number)
    print_paper(store, ticket.id, "ticket")
    intention, order_id = f"order-{number}", f"{number:032x}"
    order = accept_order(
        store,
        OrderRequest(outcome="accepted", code=f"SY1:{number}", order_id=order_id),
        intention=intention,
        stamp=stamp(),
    )
    assert order is not None
    done("order", order.id, intention=intention, order=order_id)
    print_paper(store, order.id, "order")
    with store.write() as connection:
        taken = [one.item.id for one in waiting_items(connection, limit=100)]
        apply_results(connection, [ItemResult(item, "applied") for item in taken], stamp())
    for item in taken:
        done("acknowledged", item)


def main(data_dir: str, visits: str, *weaker: str) -> None:
    """Serve so many citizens."""
    for pragma in weaker:
        key, value, read_back = pragma.split("=")
        database.PRAGMAS[key] = (value, int(read_back) if read_back.isdigit() else read_back)
    with open_store_in(Path(data_dir), IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for number in range(int(visits)):
            visit(store, number)


if __name__ == "__main__":
    main(*sys.argv[1:])
