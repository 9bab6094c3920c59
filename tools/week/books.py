"""The reckoning at the end of a simulated week: what citizens were told, what each disk holds, what central has."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from central.base.tables.ordered import orders
from central.base.tables.received import chains, findings, inbox
from common.protocol.envelope import PrintBody, TicketBody, decode_body
from offline_store.chain.audit import ChainFault, verify_chain
from offline_store.delivery.outbox import OutboxRow, list_items
from offline_store.disk import tables
from tools.week.machine import Machine
from tools.week.town import Town


class Books:
    """Everything that can be held against each other, read once."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.told = town.told
        self.machines = town.machines
        self.inbox = town.central.rows(select(inbox))
        self.chains = town.central.rows(select(chains))
        self.findings = town.central.rows(select(findings))
        self.orders = town.central.rows(select(orders))

    @property
    def arrivals(self) -> Counter[str]:
        """How often each item id is applied at central."""
        return Counter(row.id for row in self.inbox if row.result == "applied")

    @property
    def tickets(self) -> dict[str, TicketBody]:
        """The tickets that central has."""
        return {row.id: body for row in self.inbox if isinstance(body := self._body(row), TicketBody)}

    @property
    def prints(self) -> Counter[tuple[str, str]]:
        """What central was told of papers: (item, state) -> how often."""
        bodies = (self._body(row) for row in self.inbox)
        return Counter((body.item, body.state) for body in bodies if isinstance(body, PrintBody))

    def jobs(self, machine: Machine) -> list[Any]:
        """The print journal of a kiosk."""
        with machine.store.read() as connection:
            return list(connection.execute(select(tables.print_jobs)))

    def outbox(self, machine: Machine) -> list[OutboxRow]:
        """Every item of a kiosk."""
        return list_items(machine.store, include_acknowledged=True)

    def faults(self, machine: Machine) -> list[ChainFault]:
        """What is wrong with a kiosk's chain."""
        return verify_chain(machine.store)

    def heard(self, machine: Machine) -> dict[str, str]:
        """What the feed has told a kiosk of orders."""
        with machine.store.read() as connection:
            columns = tables.order_states.c
            return {row.order_id: row.state for row in connection.execute(select(columns.order_id, columns.state))}

    @staticmethod
    def _body(row: Any) -> object:
        return decode_body(row.kind, row.body)
